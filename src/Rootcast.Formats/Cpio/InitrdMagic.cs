namespace Rootcast.Formats.Cpio;

/// <summary>Tells what begins here by its first bytes.</summary>
public static class InitrdMagic
{
    /// <summary>Bytes that are looked at.</summary>
    public const int Length = 2;

    /// <summary>What a member of an initrd that starts with these bytes is, or null when the kernel knows no such thing.</summary>
    /// <remarks>The same two bytes as in the kernel's table.</remarks>
    public static InitrdCompression? Detect(ReadOnlySpan<byte> start) =>
        start switch
        {
            [(byte)'0', (byte)'7', ..] => InitrdCompression.None,
            [0x1f, 0x8b or 0x9e, ..] => InitrdCompression.Gzip,
            [0x42, 0x5a, ..] => InitrdCompression.Bzip2,
            [0x5d, 0x00, ..] => InitrdCompression.Lzma,
            [0xfd, 0x37, ..] => InitrdCompression.Xz,
            [0x89, 0x4c, ..] => InitrdCompression.Lzo,
            [0x02, 0x21, ..] => InitrdCompression.Lz4Legacy,
            [0x28, 0xb5, ..] => InitrdCompression.Zstd,
            _ => null,
        };
}
