using System.Buffers.Text;
using Rootcast.Formats.Tree;

namespace Rootcast.Formats.Tar;

/// <summary>What pax headers say about the next entry (or, for the global one, about all that follow). Values are bytes: <c>hdrcharset</c> changes nothing
/// for one who never decodes names.</summary>
internal sealed partial class PaxValues
{
    private List<ExtendedAttribute>? attributes;
    private long? sparseOffset;

    public byte[]? Path { get; set; }

    public byte[]? LinkPath { get; set; }

    public long? Size { get; private set; }

    public long? Uid { get; private set; }

    public long? Gid { get; private set; }

    public long? DeviceMajor { get; private set; }

    public long? DeviceMinor { get; private set; }

    public long? ModifiedSeconds { get; private set; }

    public int ModifiedNanoseconds { get; private set; }

    public long? SparseMajor { get; private set; }

    public long? SparseMinor { get; private set; }

    public byte[]? SparseName { get; private set; }

    /// <summary>Size of the file with its holes as 0.0 and 0.1 write it.</summary>
    public long? SparseSize { get; private set; }

    /// <summary>The same as 1.0 writes it.</summary>
    public long? SparseRealSize { get; private set; }

    public List<DataRange>? SparseMap { get; private set; }

    public void Clear()
    {
        CopyFrom(null);
        sparseOffset = null;
    }

    /// <summary>Takes over the values of a global header.</summary>
    public void CopyFrom(PaxValues? other)
    {
        Path = other?.Path;
        LinkPath = other?.LinkPath;
        Size = other?.Size;
        Uid = other?.Uid;
        Gid = other?.Gid;
        DeviceMajor = other?.DeviceMajor;
        DeviceMinor = other?.DeviceMinor;
        ModifiedSeconds = other?.ModifiedSeconds;
        ModifiedNanoseconds = other?.ModifiedNanoseconds ?? 0;
        // A map or attributes for all files make no sense; nobody writes them.
        SparseMajor = null;
        SparseMinor = null;
        SparseName = null;
        SparseSize = null;
        SparseRealSize = null;
        SparseMap = null;
        attributes = null;
    }

    /// <summary>The attributes sorted by name.</summary>
    public IReadOnlyList<ExtendedAttribute> TakeAttributes()
    {
        if (attributes is null)
        {
            return [];
        }
        ExtendedAttribute[] sorted = attributes.ToArray();
        Array.Sort(sorted, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return sorted;
    }

    /// <summary>Reads the records "LENGTH KEY=VALUE\n".</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Parse(ReadOnlySpan<byte> records)
    {
        int at = 0;
        while (at < records.Length)
        {
            ReadOnlySpan<byte> rest = records[at..];
            if (
                rest[0] is not (>= (byte)'1' and <= (byte)'9')
                || !Utf8Parser.TryParse(rest, out int length, out int digits)
                || length > rest.Length
                || length <= digits + 1
                || rest[digits] != ' '
                || rest[length - 1] != '\n'
            )
            {
                return $"record at byte {at} of a pax header does not have the length that it names";
            }
            ReadOnlySpan<byte> record = rest[(digits + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals < 1)
            {
                return $"record at byte {at} of a pax header has no key";
            }
            string? problem = Set(record[..equals], record[(equals + 1)..]);
            if (problem is not null)
            {
                return problem;
            }
            at += length;
        }
        return null;
    }
}
