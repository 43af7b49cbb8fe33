using System.Buffers.Binary;
using System.Text;

namespace Rootcast.Formats.Kernels;

/// <summary>What an x86 kernel image (bzImage) says of itself.</summary>
public static class KernelImage
{
    /// <summary>How many bytes from the start <see cref="VersionOf"/> can make use of: the pointer to the version has 16 bits.</summary>
    public const int BytesNeeded = 0x200 + 0xFFFF + LongestVersion;

    private const int LongestVersion = 256;

    /// <summary>Whether these are the first bytes of one.</summary>
    public static bool IsHere(ReadOnlySpan<byte> first) =>
        first.Length >= KernelImageLayout.Length
        && first[KernelImageLayout.BootFlag] == 0x55
        && first[KernelImageLayout.BootFlag + 1] == 0xAA
        && first[KernelImageLayout.Magic..].StartsWith(KernelImageLayout.MagicValue);

    /// <summary>The version as <c>uname -r</c> prints it; null when the image does not say it (or its text is beyond these bytes).</summary>
    public static string? VersionOf(ReadOnlySpan<byte> first)
    {
        if (!IsHere(first))
        {
            return null;
        }
        int pointer = BinaryPrimitives.ReadUInt16LittleEndian(first[KernelImageLayout.KernelVersion..]);
        int at = KernelImageLayout.VersionBase + pointer;
        if (pointer == 0 || at >= first.Length)
        {
            return null;
        }
        ReadOnlySpan<byte> text = first[at..Math.Min(first.Length, at + LongestVersion)];
        int end = text.IndexOfAny((byte)' ', (byte)0);
        text = end < 0 ? default : text[..end];
        return text.IsEmpty || text.ContainsAnyExceptInRange((byte)'!', (byte)'~') || text.Contains((byte)'/')
            ? null
            : Encoding.ASCII.GetString(text);
    }
}
