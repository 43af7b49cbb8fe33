using System.Buffers.Binary;
using System.Text;

namespace Rootcast.Formats.Partitions;

/// <summary>The header of a GUID partition table and what its entries say.</summary>
/// <param name="SectorBytes">512 or 4096: the unit of all its numbers.</param>
/// <param name="EntriesOffset">Where the entries start in the disk, in bytes.</param>
/// <param name="EntryCount">At most <see cref="MostEntries"/>.</param>
/// <param name="EntryBytes">Bytes of an entry, 128 to 4096.</param>
public sealed record GuidPartitionTable(int SectorBytes, long EntriesOffset, int EntryCount, int EntryBytes)
{
    /// <summary>More than any partitioning program makes.</summary>
    public const int MostEntries = 1024;

    /// <summary>How many bytes from the start of the disk are looked at for a header.</summary>
    public const int BytesNeeded = 4096 + 512;

    /// <summary>Bytes of all entries.</summary>
    public int EntriesBytes => EntryCount * EntryBytes;

    /// <summary>Reads the header; null when there is none.</summary>
    /// <exception cref="InvalidDataException">There is one, and it is damaged.</exception>
    public static GuidPartitionTable? Read(ReadOnlySpan<byte> first)
    {
        foreach (int sector in (ReadOnlySpan<int>)[512, 4096])
        {
            if (first.Length >= sector + 512 && first[sector..].StartsWith(PartitionLayout.GptMagic))
            {
                return Read(first.Slice(sector, 512), sector);
            }
        }
        return null;
    }

    /// <summary>Reads the entries that are in use.</summary>
    /// <param name="entries"><see cref="EntriesBytes"/> bytes from <see cref="EntriesOffset"/>.</param>
    /// <exception cref="InvalidDataException">An entry ends before it starts.</exception>
    public IReadOnlyList<Partition> ReadEntries(ReadOnlySpan<byte> entries)
    {
        List<Partition> found = [];
        for (int i = 0; i < EntryCount && (i + 1) * EntryBytes <= entries.Length; i++)
        {
            ReadOnlySpan<byte> entry = entries.Slice(i * EntryBytes, EntryBytes);
            ReadOnlySpan<byte> type = entry.Slice(PartitionLayout.EntryType, 16);
            if (!type.ContainsAnyExcept((byte)0))
            {
                continue;
            }
            ulong from = BinaryPrimitives.ReadUInt64LittleEndian(entry[PartitionLayout.EntryFirst..]);
            ulong last = BinaryPrimitives.ReadUInt64LittleEndian(entry[PartitionLayout.EntryLast..]);
            if (last < from || last >= long.MaxValue / 4096)
            {
                throw new InvalidDataException($"gpt: partition {i + 1} goes from sector {from} to {last}");
            }
            string name = Encoding
                .Unicode.GetString(entry.Slice(PartitionLayout.EntryName, PartitionLayout.EntryNameLength))
                .Split('\0', 2)[0];
            found.Add(
                new Partition(
                    i + 1,
                    new Guid(type).ToString(),
                    name.Length > 0 ? name : null,
                    (long)from * SectorBytes,
                    (long)(last - from + 1) * SectorBytes
                )
            );
        }
        return found;
    }

    private static GuidPartitionTable Read(ReadOnlySpan<byte> header, int sector)
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(header[PartitionLayout.GptHeaderBytes..]);
        if (length < PartitionLayout.GptHeaderLeast || length > header.Length)
        {
            throw new InvalidDataException($"gpt: a header of {length} bytes at byte {sector + PartitionLayout.GptHeaderBytes} cannot be");
        }
        uint sum = Crc32.Append(0, header[..PartitionLayout.GptHeaderSum]);
        sum = Crc32.Append(sum, stackalloc byte[4]);
        sum = Crc32.Append(sum, header[(PartitionLayout.GptHeaderSum + 4)..(int)length]);
        if (sum != BinaryPrimitives.ReadUInt32LittleEndian(header[PartitionLayout.GptHeaderSum..]))
        {
            throw new InvalidDataException($"gpt: the sum of the header at byte {sector} is another: the table is damaged");
        }
        ulong entries = BinaryPrimitives.ReadUInt64LittleEndian(header[PartitionLayout.GptEntriesSector..]);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(header[PartitionLayout.GptEntryCount..]);
        uint bytes = BinaryPrimitives.ReadUInt32LittleEndian(header[PartitionLayout.GptEntryBytes..]);
        if (count > MostEntries || bytes is < PartitionLayout.EntryLength or > 4096 || entries is < 2 or > long.MaxValue / 4096)
        {
            throw new InvalidDataException($"gpt: {count} entries of {bytes} bytes from sector {entries} on cannot be");
        }
        return new GuidPartitionTable(sector, (long)entries * sector, (int)count, (int)bytes);
    }
}
