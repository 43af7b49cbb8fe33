using System.Buffers.Binary;

namespace Rootcast.Formats.Squashfs;

/// <summary>What a squashfs says of itself.</summary>
/// <param name="Compressor"><c>gzip</c>, <c>lzma</c>, <c>lzo</c>, <c>xz</c>, <c>lz4</c>, <c>zstd</c>.</param>
/// <param name="BlockBytes">Bytes of a data block before compression: 4 KiB to 1 MiB.</param>
/// <param name="Bytes">Length of the file system; what follows is padding.</param>
/// <param name="Inodes">Files, directories and others.</param>
/// <param name="Time">When it was made, in seconds since 1970.</param>
public sealed record SquashfsSuperblock(string Compressor, int BlockBytes, long Bytes, uint Inodes, uint Time)
{
    /// <summary>How many bytes <see cref="Read"/> needs from the start.</summary>
    public const int BytesNeeded = SquashfsLayout.Length;

    private static readonly string[] Compressors = ["gzip", "lzma", "lzo", "xz", "lz4", "zstd"];

    /// <summary>Reads the first bytes.</summary>
    /// <exception cref="InvalidDataException">They are none of squashfs 4.0, or cannot be.</exception>
    public static SquashfsSuperblock Read(ReadOnlySpan<byte> first)
    {
        if (first.Length < BytesNeeded || !first.StartsWith("hsqs"u8))
        {
            throw new InvalidDataException("squashfs: there is no superblock at byte 0");
        }
        int major = BinaryPrimitives.ReadUInt16LittleEndian(first[SquashfsLayout.Major..]);
        if (major != 4)
        {
            throw new InvalidDataException($"squashfs: version {major} at byte {SquashfsLayout.Major}; only 4 is read since Linux 2.6.29");
        }
        uint blockBytes = BinaryPrimitives.ReadUInt32LittleEndian(first[SquashfsLayout.BlockSize..]);
        int log = BinaryPrimitives.ReadUInt16LittleEndian(first[SquashfsLayout.BlockLog..]);
        if (log is < 12 or > 20 || blockBytes != 1u << log)
        {
            throw new InvalidDataException(
                $"squashfs: a block of {blockBytes} bytes (logarithm {log}) at byte {SquashfsLayout.BlockSize} cannot be"
            );
        }
        int compression = BinaryPrimitives.ReadUInt16LittleEndian(first[SquashfsLayout.Compression..]);
        if (compression < 1 || compression > Compressors.Length)
        {
            throw new InvalidDataException($"squashfs: compressor {compression} at byte {SquashfsLayout.Compression} is not known");
        }
        ulong bytes = BinaryPrimitives.ReadUInt64LittleEndian(first[SquashfsLayout.BytesUsed..]);
        if (bytes is < SquashfsLayout.Length or > long.MaxValue)
        {
            throw new InvalidDataException($"squashfs: a length of {bytes} bytes at byte {SquashfsLayout.BytesUsed} cannot be");
        }
        return new SquashfsSuperblock(
            Compressors[compression - 1],
            (int)blockBytes,
            (long)bytes,
            BinaryPrimitives.ReadUInt32LittleEndian(first[SquashfsLayout.Inodes..]),
            BinaryPrimitives.ReadUInt32LittleEndian(first[SquashfsLayout.Time..])
        );
    }
}
