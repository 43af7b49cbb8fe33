using System.Buffers.Binary;

namespace Rootcast.Protocols.Dns;

/// <summary>Writes DNS queries.</summary>
public static class DnsWriter
{
    /// <summary>A query for one name, recursion wanted.</summary>
    /// <param name="id">Chosen at random: the response must carry it.</param>
    /// <param name="name">Host name in ASCII, with or without the dot at the end.</param>
    /// <param name="type">What is asked for.</param>
    /// <exception cref="FormatException">The name cannot be one: an empty label, one over 63 bytes, over 255 in all, not ASCII.</exception>
    public static byte[] Query(ushort id, string name, DnsRecordType type)
    {
        string clean = name.EndsWith('.') ? name[..^1] : name;
        // A length byte for each label and the empty one at the end.
        if (clean.Length + 2 > DnsLayout.LongestName)
        {
            throw new FormatException($"host name {clean}: {clean.Length} bytes are too many");
        }
        byte[] query = new byte[DnsLayout.HeaderBytes + clean.Length + 2 + 4];
        BinaryPrimitives.WriteUInt16BigEndian(query.AsSpan(DnsLayout.IdAt), id);
        BinaryPrimitives.WriteUInt16BigEndian(query.AsSpan(DnsLayout.FlagsAt), DnsLayout.FlagRecursionDesired);
        BinaryPrimitives.WriteUInt16BigEndian(query.AsSpan(DnsLayout.QuestionsAt), 1);
        int at = DnsLayout.HeaderBytes;
        foreach (string label in clean.Split('.'))
        {
            if (label.Length is 0 or > DnsLayout.LongestLabel)
            {
                throw new FormatException($"host name {clean}: a part has {label.Length} bytes, 1 to {DnsLayout.LongestLabel} are allowed");
            }
            query[at++] = (byte)label.Length;
            foreach (char c in label)
            {
                query[at++] = c is > ' ' and <= '~' ? (byte)c : throw new FormatException($"host name {clean}: character U+{(int)c:X4}");
            }
        }
        BinaryPrimitives.WriteUInt16BigEndian(query.AsSpan(at + 1), (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(query.AsSpan(at + 3), DnsLayout.ClassInternet);
        return query;
    }
}
