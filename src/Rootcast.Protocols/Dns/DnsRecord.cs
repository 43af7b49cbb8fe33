using System.Net;

namespace Rootcast.Protocols.Dns;

/// <summary>One answer.</summary>
/// <param name="Name">In lower case, without the dot at the end.</param>
/// <param name="Type">May be one that has no name here.</param>
/// <param name="SecondsToLive">How long it may be kept.</param>
/// <param name="Address">Of A and AAAA.</param>
/// <param name="Target">Of CNAME, as <paramref name="Name"/>.</param>
public sealed record DnsRecord(string Name, DnsRecordType Type, uint SecondsToLive, IPAddress? Address, string? Target);
