using System.Buffers.Binary;

namespace Rootcast.Linux.Block;

/// <summary>What <c>PARTUUID=</c> names, as the kernel's block/partitions/efi.c and msdos.c make it: of a GPT the entry's own identifier (UEFI
/// specification 2.10, section 5.3), of an MBR the disk's signature and the number.</summary>
public static class PartitionUuid
{
    /// <summary>How many bytes from the start of the disk <see cref="Read"/> can make use of: the 128 entries that partitioning programs make,
    /// behind sectors of 4096 bytes.</summary>
    public const int BytesNeeded = (2 * 4096) + (128 * EntryBytes);

    private const int EntryBytes = 128;
    private const int EntriesSector = 72;
    private const int EntryLength = 84;
    private const int EntryUuid = 16;
    private const int HeaderBytes = 92;
    private const int DiskSignature = 440;

    /// <summary>Reads it; null when the disk has no table that is known, or no such partition in its first bytes.</summary>
    /// <param name="first">The first bytes of the disk, as many as there are.</param>
    /// <param name="sectorBytes">Of a logical sector of the disk.</param>
    /// <param name="number">The partition's, from 1.</param>
    public static string? Read(ReadOnlySpan<byte> first, int sectorBytes, int number)
    {
        if (sectorBytes is < 512 or > 4096 || first.Length < sectorBytes + HeaderBytes || number is < 1 or > 1024)
        {
            return null;
        }
        ReadOnlySpan<byte> header = first[sectorBytes..];
        if (!header.StartsWith("EFI PART"u8))
        {
            uint signature = BinaryPrimitives.ReadUInt32LittleEndian(first[DiskSignature..]);
            bool isTable = first[510] == 0x55 && first[511] == 0xAA && signature != 0;
            return isTable ? $"{signature:x8}-{number:x2}" : null;
        }
        ulong sector = BinaryPrimitives.ReadUInt64LittleEndian(header[EntriesSector..]);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(header[EntryLength..]);
        if (sector > BytesNeeded || length is < EntryBytes or > 4096)
        {
            return null;
        }
        long at = ((long)sector * sectorBytes) + ((number - 1L) * length);
        if (at + EntryBytes > first.Length)
        {
            return null;
        }
        ReadOnlySpan<byte> entry = first.Slice((int)at, EntryBytes);
        return entry[..16].ContainsAnyExcept((byte)0) ? new Guid(entry.Slice(EntryUuid, 16)).ToString() : null;
    }
}
