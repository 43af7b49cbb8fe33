using System.Buffers.Binary;
using System.Numerics;

namespace Rootcast.Formats.Erofs;

/// <summary>
/// Sets when an EROFS image was made. mkfs.erofs 1.5 has no other way to fix that than to give every file the same time (<c>-T</c>, and SOURCE_DATE_EPOCH
/// too), so it is left to write the present, and that is replaced: in the superblock alone, with its checksum.
/// </summary>
public static class ErofsBuildTime
{
    /// <summary>How many bytes of the image's beginning are needed: its first block.</summary>
    public const int BytesNeeded = 4096;

    /// <summary>Sets it.</summary>
    /// <param name="first">The first block of an image whose blocks have 4 KiB and whose superblock has a checksum.</param>
    /// <param name="epoch">Seconds since 1970.</param>
    /// <exception cref="InvalidDataException">It is another kind of file.</exception>
    public static void Set(Span<byte> first, uint epoch)
    {
        Span<byte> super = first.Length == BytesNeeded ? first[ErofsLayout.Superblock..] : default;
        bool known =
            !super.IsEmpty
            && BinaryPrimitives.ReadUInt32LittleEndian(super) == ErofsLayout.MagicValue
            && super[ErofsLayout.BlockSizeBits] == 12
            && (BinaryPrimitives.ReadUInt32LittleEndian(super[ErofsLayout.CompatibleFeatures..]) & ErofsLayout.SuperblockChecksum) != 0
            && BinaryPrimitives.ReadUInt32LittleEndian(super[ErofsLayout.Checksum..]) == Sum(super);
        if (!known)
        {
            throw new InvalidDataException("no superblock of EROFS with blocks of 4096 bytes and a right checksum");
        }
        BinaryPrimitives.WriteUInt64LittleEndian(super[ErofsLayout.BuildTime..], epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(super[ErofsLayout.BuildTimeNanoseconds..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(super[ErofsLayout.Checksum..], Sum(super));
    }

    /// <summary>CRC-32C of the rest of the block, the checksum's own field as zeros; not inverted at the end.</summary>
    private static uint Sum(ReadOnlySpan<byte> super)
    {
        uint sum = uint.MaxValue;
        for (int i = 0; i < super.Length; i++)
        {
            bool own = i is >= ErofsLayout.Checksum and < ErofsLayout.CompatibleFeatures;
            sum = BitOperations.Crc32C(sum, own ? (byte)0 : super[i]);
        }
        return sum;
    }
}
