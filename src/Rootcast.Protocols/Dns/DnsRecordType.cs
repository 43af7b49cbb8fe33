namespace Rootcast.Protocols.Dns;

/// <summary>The record types that Rootcast asks for or follows.</summary>
public enum DnsRecordType
{
    /// <summary>IPv4 address.</summary>
    A = 1,

    /// <summary>The name is another's alias.</summary>
    Cname = 5,

    /// <summary>IPv6 address (RFC 3596).</summary>
    Aaaa = 28,
}
