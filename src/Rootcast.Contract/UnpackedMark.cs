using System.Globalization;
using System.Text;

namespace Rootcast.Contract;

/// <summary>The last file of the archive of form <c>initramfs</c>: what must be there when the kernel has unpacked everything.</summary>
/// <param name="Names">How many names there are at and below <see cref="InitramfsPaths.UnpackedTree"/>.</param>
/// <param name="Bytes">How many bytes of memory they take.</param>
public readonly record struct UnpackedMark(long Names, long Bytes)
{
    /// <summary>Reads <c>NAMES BYTES</c>.</summary>
    public static bool TryParse(string text, out UnpackedMark mark)
    {
        string[] words = text.Trim().Split(' ');
        bool good =
            long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out long names)
            & long.TryParse(words.Length == 2 ? words[1] : "", NumberStyles.None, CultureInfo.InvariantCulture, out long bytes);
        mark = new UnpackedMark(names, bytes);
        return good;
    }

    /// <summary>As <see cref="TryParse"/> reads it.</summary>
    public byte[] ToBytes() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Names} {Bytes}\n"));
}
