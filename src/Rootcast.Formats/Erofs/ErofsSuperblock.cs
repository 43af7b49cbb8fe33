using System.Buffers.Binary;

namespace Rootcast.Formats.Erofs;

/// <summary>What an EROFS says of itself.</summary>
/// <param name="Compressors"><c>lz4</c>, <c>lzma</c>, <c>deflate</c>, <c>zstd</c>, in the order of their bits; empty when nothing is compressed.</param>
/// <param name="BlockBytes">512 to 65536.</param>
/// <param name="Bytes">Length of the file system.</param>
/// <param name="Inodes">Files, directories and others.</param>
/// <param name="Features">What of the format a kernel must know beside that: <c>chunks</c>, <c>ztailpacking</c>, <c>fragments</c>, …</param>
public sealed record ErofsSuperblock(
    IReadOnlyList<string> Compressors,
    int BlockBytes,
    long Bytes,
    ulong Inodes,
    IReadOnlyList<string> Features
)
{
    /// <summary>How many bytes <see cref="Read"/> needs from the start of the device.</summary>
    public const int BytesNeeded = ErofsLayout.Superblock + ErofsLayout.Length;

    private static readonly string[] Algorithms = ["lz4", "lzma", "deflate", "zstd"];

    private static readonly (uint Bit, string Name)[] Known =
    [
        (ErofsLayout.ChunkedFiles, "chunks"),
        (ErofsLayout.DeviceTable, "device-table"),
        (ErofsLayout.TailPacking, "ztailpacking"),
        (ErofsLayout.Fragments, "fragments"),
    ];

    /// <summary>Reads the first bytes of a device.</summary>
    /// <exception cref="InvalidDataException">They are none of EROFS, or cannot be.</exception>
    public static ErofsSuperblock Read(ReadOnlySpan<byte> first)
    {
        if (
            first.Length < BytesNeeded
            || BinaryPrimitives.ReadUInt32LittleEndian(first[ErofsLayout.Superblock..]) != ErofsLayout.MagicValue
        )
        {
            throw new InvalidDataException($"erofs: there is no superblock at byte {ErofsLayout.Superblock}");
        }
        ReadOnlySpan<byte> super = first.Slice(ErofsLayout.Superblock, ErofsLayout.Length);
        int bits = super[ErofsLayout.BlockSizeBits];
        if (bits is < 9 or > 16)
        {
            throw new InvalidDataException(
                $"erofs: blocks of 2 to the power of {bits} at byte {ErofsLayout.Superblock + ErofsLayout.BlockSizeBits} cannot be"
            );
        }
        uint features = BinaryPrimitives.ReadUInt32LittleEndian(super[ErofsLayout.IncompatibleFeatures..]);
        return new ErofsSuperblock(
            CompressorsOf(features, BinaryPrimitives.ReadUInt16LittleEndian(super[ErofsLayout.Algorithms..])),
            1 << bits,
            (long)BinaryPrimitives.ReadUInt32LittleEndian(super[ErofsLayout.Blocks..]) << bits,
            BinaryPrimitives.ReadUInt64LittleEndian(super[ErofsLayout.Inodes..]),
            [.. Known.Where(feature => (features & feature.Bit) != 0).Select(feature => feature.Name)]
        );
    }

    private static IReadOnlyList<string> CompressorsOf(uint features, int algorithms)
    {
        if ((features & ErofsLayout.CompressionConfigurations) != 0)
        {
            return [.. Algorithms.Where((_, bit) => (algorithms & (1 << bit)) != 0)];
        }
        // Before there were configurations, lz4 was all there was; images without compression leave both fields empty.
        return (features & ErofsLayout.ZeroPadding) != 0 || algorithms != 0 ? ["lz4"] : [];
    }
}
