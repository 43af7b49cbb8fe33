using System.Text;

namespace Rootcast.Tests;

/// <summary>Cpio archives made by hand, for what our own writer never writes.</summary>
internal static class CpioBytes
{
    public const uint FileMode = 0x81a4;
    public const uint DirectoryMode = 0x41ed;
    public const uint SymlinkMode = 0xa1ff;

    /// <summary>Header, name and data of an entry, padded.</summary>
    public static byte[] Entry(
        string name,
        uint mode = FileMode,
        string data = "",
        uint inode = 1,
        uint links = 1,
        string magic = "070701",
        uint check = 0,
        int? nameSize = null,
        uint? fileSize = null,
        uint mtime = 0
    )
    {
        MemoryStream bytes = new();
        int size = nameSize ?? name.Length + 1;
        uint[] fields = [inode, mode, 1, 2, links, mtime, fileSize ?? (uint)data.Length, 8, 1, 4, 64, (uint)size, check];
        bytes.Write(Encoding.ASCII.GetBytes(magic + string.Concat(fields.Select(field => field.ToString("x8")))));
        bytes.Write(Encoding.Latin1.GetBytes(name.Length < size ? name.PadRight(size, '\0') : name[..size]));
        Pad(bytes);
        bytes.Write(Encoding.Latin1.GetBytes(data));
        Pad(bytes);
        return bytes.ToArray();
    }

    public static byte[] Trailer { get; } = Entry("TRAILER!!!", mode: 0);

    public static byte[] Join(params byte[][] parts) => parts.SelectMany(part => part).ToArray();

    public static uint Sum(string data) => (uint)Encoding.Latin1.GetBytes(data).Sum(each => each);

    private static void Pad(MemoryStream bytes) => bytes.SetLength(bytes.Position = (bytes.Length + 3) & ~3);
}
