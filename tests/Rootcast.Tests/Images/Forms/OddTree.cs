using System.Security.Cryptography;
using Rootcast.Formats;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;
using Rootcast.Images.Trees;

namespace Rootcast.Tests;

/// <summary>A tree that has everything that gets lost easily.</summary>
internal static class OddTree
{
    public const long Time = 1_600_000_000;

    public static TreeEntry Root { get; } =
        new()
        {
            Path = default,
            Kind = NodeKind.Directory,
            Mode = Octal("1750"),
            Uid = 12,
            Gid = 34,
            ModifiedSeconds = Time,
        };

    /// <summary>20 bytes: VFS_CAP_REVISION_2, cap_net_raw permitted and effective.</summary>
    public static byte[] Capability { get; } = Convert.FromHexString("0100000200200000000000000000000000000000");

    public static TreeArchive Write(string path, bool rootOwned = false, int longestName = 255)
    {
        // mksquashfs reads archives only where data ends at a block.
        int holes = rootOwned ? 8192 : 5000;
        using (FileStream file = File.Create(path))
        {
            TarWriter writer = new(file);
            writer.Write(rootOwned ? Root with { Uid = 0, Gid = 0 } : Root);
            Add(writer, " lead trail ", "x"u8);
            Add(writer, "back\\slash", "b"u8);
            writer.Write(Entry("blk", NodeKind.BlockDevice) with { DeviceMajor = 259, DeviceMinor = 70000, Mode = Octal("640") });
            Add(writer, "cap", "c"u8, Attribute("security.capability", Capability));
            writer.Write(
                Entry("dir", NodeKind.Directory) with
                {
                    Mode = Octal("2755"),
                    Gid = 70000,
                    Attributes = [Attribute("user.d", "dir"u8)],
                }
            );
            Add(writer, "dir/first", "hard"u8, mode: "000");
            writer.Write(Entry("fifo", NodeKind.Fifo));
            writer.Write(Entry("hard", NodeKind.HardLink) with { Target = UnixPath.From("dir/first") });
            Add(writer, new string('n', longestName), "long"u8);
            writer.Write(Entry("null", NodeKind.CharacterDevice) with { DeviceMajor = 1, DeviceMinor = 3, Mode = Octal("666") });
            Add(writer, Entry("odd", NodeKind.File) with { Path = new UnixPath((byte[])[.. "odd"u8, 0xff, .. "\nname"u8]) }, "odd"u8);
            TreeEntry sparse = Entry("sparse", NodeKind.File) with { Size = 20 << 20, DataRanges = [new DataRange(10 << 20, holes)] };
            writer.Begin(sparse);
            writer.WriteData(Enumerable.Repeat((byte)'s', holes).ToArray());
            writer.End();
            Add(writer, Entry("suid", NodeKind.File) with { Mode = Octal("4755"), Uid = 1000, Gid = 70000 }, "s"u8);
            writer.Write(Entry("link", NodeKind.Symlink) with { Target = UnixPath.From("/absolute"), Mode = Octal("777") });
            writer.Write(Entry("longlink", NodeKind.Symlink) with { Target = UnixPath.From(new string('t', 300)), Mode = Octal("777") });
            Add(writer, "userattr", "u"u8, Attribute("user.bin", [0, 1, (byte)'\n', (byte)'=', 255]));
            writer.Finish();
        }
        byte[] content = File.ReadAllBytes(path);
        return new TreeArchive(path, "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content)), content.Length, 17, 0);
    }

    private static void Add(
        TarWriter writer,
        string name,
        ReadOnlySpan<byte> data,
        ExtendedAttribute? attribute = null,
        string mode = "644"
    ) => Add(writer, Entry(name, NodeKind.File) with { Mode = Octal(mode), Attributes = attribute is { } one ? [one] : [] }, data);

    private static void Add(TarWriter writer, TreeEntry entry, ReadOnlySpan<byte> data) =>
        writer.Write(entry with { Size = data.Length }, data);

    private static TreeEntry Entry(string name, NodeKind kind) =>
        new()
        {
            Path = UnixPath.From(name),
            Kind = kind,
            Mode = Octal("644"),
            ModifiedSeconds = Time,
        };

    private static ExtendedAttribute Attribute(string name, ReadOnlySpan<byte> value) => new(name, value.ToArray());

    private static int Octal(string text) => Convert.ToInt32(text, 8);
}
