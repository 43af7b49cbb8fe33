using System.Buffers.Binary;

namespace Rootcast.Formats.Iso9660;

/// <summary>The system use entries of a record: Rock Ridge.</summary>
internal static class IsoSystemUse
{
    // As Linux: a longer chain is an attack.
    private const int MostContinuations = 32;
    private const int LongestText = 4096;

    public static IsoRecord Apply(IsoRecord record, ReadOnlySpan<byte> entries, IsoContinuation continuation)
    {
        List<byte> name = [];
        List<byte> target = [];
        bool partOpen = false;
        for (int continuations = 0; ; continuations++)
        {
            long nextBlock = -1;
            Range next = default;
            while (entries.Length >= IsoLayout.UseLeast)
            {
                int length = entries[IsoLayout.UseLength];
                if (length < IsoLayout.UseLeast || length > entries.Length || entries.StartsWith("ST"u8))
                {
                    break;
                }
                ReadOnlySpan<byte> entry = entries[..length];
                entries = entries[length..];
                ReadOnlySpan<byte> data = entry[IsoLayout.UseData..];
                if (entry.StartsWith("CE"u8) && data.Length >= 24)
                {
                    nextBlock = BinaryPrimitives.ReadUInt32LittleEndian(data);
                    uint start = BinaryPrimitives.ReadUInt32LittleEndian(data[8..]);
                    uint bytes = BinaryPrimitives.ReadUInt32LittleEndian(data[16..]);
                    if (start > LongestText || bytes > LongestText)
                    {
                        throw new InvalidDataException($"iso9660: a continuation of {bytes} bytes at byte {start} of a block cannot be");
                    }
                    next = new Range((int)start, (int)(start + bytes));
                    continue;
                }
                record = Take(record, entry, data, name, target, ref partOpen);
            }
            if (nextBlock < 0)
            {
                break;
            }
            if (continuations == MostContinuations)
            {
                throw new InvalidDataException($"iso9660: a record has more than {MostContinuations} continuations");
            }
            entries = continuation(nextBlock, next);
        }
        return record with
        {
            Name = name.Count > 0 ? new UnixPath(name.ToArray()) : record.Name,
            Target = target.Count > 0 ? new UnixPath(target.ToArray()) : record.Target,
        };
    }

    private static IsoRecord Take(
        IsoRecord record,
        ReadOnlySpan<byte> entry,
        ReadOnlySpan<byte> data,
        List<byte> name,
        List<byte> target,
        ref bool partOpen
    )
    {
        if (entry.StartsWith("NM"u8) && data.Length >= 1 && (data[0] & 0x06) == 0)
        {
            Append(name, data[1..]);
        }
        else if (entry.StartsWith("PX"u8) && data.Length >= 32)
        {
            return record with
            {
                Mode = BinaryPrimitives.ReadUInt32LittleEndian(data),
                Uid = BinaryPrimitives.ReadUInt32LittleEndian(data[16..]),
                Gid = BinaryPrimitives.ReadUInt32LittleEndian(data[24..]),
            };
        }
        else if (entry.StartsWith("PN"u8) && data.Length >= 16)
        {
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(data);
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(data[8..]);
            // With nothing in the upper half the lower one is a device number of 16 bits, as Linux reads it.
            return high != 0 || low <= 0xFF
                ? record with
                {
                    DeviceMajor = high,
                    DeviceMinor = low,
                }
                : record with
                {
                    DeviceMajor = low >> 8,
                    DeviceMinor = low & 0xFF,
                };
        }
        else if (entry.StartsWith("SL"u8) && data.Length >= 1)
        {
            AddTarget(target, data[1..], ref partOpen);
        }
        else if (entry.StartsWith("TF"u8) && data.Length >= 1)
        {
            return TimeOf(data) is { } time ? record with { Modified = time } : record;
        }
        else if (entry.StartsWith("CL"u8) && data.Length >= 8)
        {
            return record with { MovedTo = BinaryPrimitives.ReadUInt32LittleEndian(data), IsDirectory = true };
        }
        else if (entry.StartsWith("RE"u8))
        {
            return record with { IsMoved = true };
        }
        else if (entry.StartsWith("SP"u8) && data is [0xBE, 0xEF, var skip, ..])
        {
            return record with { Skip = skip };
        }
        return record;
    }

    private static long? TimeOf(ReadOnlySpan<byte> data)
    {
        const int created = 1;
        const int modified = 2;
        const int longForm = 0x80;
        int at = 1 + ((data[0] & created) != 0 ? IsoTime.Length : 0);
        return (data[0] & modified) != 0 && (data[0] & longForm) == 0 && data.Length >= at + IsoTime.Length
            ? IsoTime.Read(data[at..])
            : null;
    }

    private static void AddTarget(List<byte> target, ReadOnlySpan<byte> parts, ref bool partOpen)
    {
        const int continues = 1;
        const int current = 2;
        const int parent = 4;
        const int root = 8;
        while (parts.Length >= 2)
        {
            int flags = parts[0];
            int length = parts[1];
            if (length + 2 > parts.Length)
            {
                throw new InvalidDataException("iso9660: a symbolic link goes beyond its entry");
            }
            if (!partOpen && target.Count > 0 && target[^1] != '/')
            {
                target.Add((byte)'/');
            }
            Append(
                target,
                (flags & root) != 0 ? "/"u8
                    : (flags & parent) != 0 ? ".."u8
                    : (flags & current) != 0 ? "."u8
                    : parts.Slice(2, length)
            );
            partOpen = (flags & continues) != 0;
            parts = parts[(2 + length)..];
        }
    }

    private static void Append(List<byte> text, ReadOnlySpan<byte> more)
    {
        if (text.Count + more.Length > LongestText)
        {
            throw new InvalidDataException($"iso9660: a name or link is longer than {LongestText} bytes");
        }
        foreach (byte each in more)
        {
            text.Add(each);
        }
    }
}
