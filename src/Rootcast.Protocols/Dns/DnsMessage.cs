using System.Net;

namespace Rootcast.Protocols.Dns;

/// <summary>A DNS response, as far as a resolver needs it: authorities and additions are left out.</summary>
public sealed record DnsMessage
{
    private const int LongestChain = 8;

    /// <summary>As in the query.</summary>
    public required ushort Id { get; init; }

    /// <summary>Whether it is a response at all.</summary>
    public required bool IsResponse { get; init; }

    /// <summary>Whether answers are missing because the datagram was too small.</summary>
    public required bool IsTruncated { get; init; }

    /// <summary>What the server says.</summary>
    public required DnsResponseCode ResponseCode { get; init; }

    /// <summary>The name that was asked for, in lower case without the dot at the end; null when the message has not exactly one question.</summary>
    public required string? QuestionName { get; init; }

    /// <summary>What was asked for.</summary>
    public required DnsRecordType QuestionType { get; init; }

    /// <summary>In the order of the message.</summary>
    public required IReadOnlyList<DnsRecord> Answers { get; init; }

    /// <summary>The addresses of a name, through at most 8 aliases; empty when there are none or the aliases go in a circle.</summary>
    /// <param name="name">With or without the dot at the end.</param>
    /// <param name="type"><see cref="DnsRecordType.A"/> or <see cref="DnsRecordType.Aaaa"/>.</param>
    public IReadOnlyList<IPAddress> AddressesOf(string name, DnsRecordType type)
    {
        string at = name.TrimEnd('.').ToLowerInvariant();
        List<IPAddress> addresses = [];
        for (int step = 0; step <= LongestChain && addresses.Count == 0; step++)
        {
            string? next = null;
            foreach (DnsRecord record in Answers)
            {
                if (record.Name == at && record.Type == type && record.Address is { } address)
                {
                    addresses.Add(address);
                }
                else if (record.Name == at && record.Target is { } target)
                {
                    next ??= target;
                }
            }
            if (next is null)
            {
                break;
            }
            at = next;
        }
        return addresses;
    }
}
