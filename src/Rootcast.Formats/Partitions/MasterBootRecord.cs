using System.Buffers.Binary;

namespace Rootcast.Formats.Partitions;

/// <summary>The partition table in the first sector of a disk, or of an extended partition.</summary>
public static class MasterBootRecord
{
    /// <summary>Bytes of the sector.</summary>
    public const int BytesNeeded = PartitionLayout.MbrLength;

    private const int Sector = 512;

    /// <summary>The entries that are in use, numbered from 1; null when this is no partition table. Boot sectors of file systems have the same last
    /// two bytes, so the entries must make sense too.</summary>
    /// <param name="first">The sector.</param>
    /// <param name="at">Where the sector is in the disk, in bytes: entries count from there.</param>
    public static IReadOnlyList<Partition>? Read(ReadOnlySpan<byte> first, long at = 0)
    {
        if (first.Length < BytesNeeded || first[PartitionLayout.MbrSignature] != 0x55 || first[PartitionLayout.MbrSignature + 1] != 0xAA)
        {
            return null;
        }
        List<Partition> found = [];
        for (int i = 0; i < PartitionLayout.MbrEntryCount; i++)
        {
            ReadOnlySpan<byte> entry = first.Slice(
                PartitionLayout.MbrEntries + (i * PartitionLayout.MbrEntryLength),
                PartitionLayout.MbrEntryLength
            );
            if ((entry[PartitionLayout.MbrStatus] & 0x7F) != 0)
            {
                return null;
            }
            long start = BinaryPrimitives.ReadUInt32LittleEndian(entry[PartitionLayout.MbrFirstSector..]);
            long sectors = BinaryPrimitives.ReadUInt32LittleEndian(entry[PartitionLayout.MbrSectors..]);
            byte type = entry[PartitionLayout.MbrType];
            if (type != 0 && sectors > 0)
            {
                found.Add(new Partition(i + 1, type.ToString("x2"), null, at + (start * Sector), sectors * Sector));
            }
        }
        return found.Count > 0 ? found : null;
    }

    /// <summary>Whether a partition holds further, logical ones.</summary>
    public static bool IsExtended(Partition partition) => partition.Type is "05" or "0f" or "85";

    /// <summary>Whether a partition only keeps other programs away from a GPT.</summary>
    public static bool IsProtective(Partition partition) => partition.Type == "ee";
}
