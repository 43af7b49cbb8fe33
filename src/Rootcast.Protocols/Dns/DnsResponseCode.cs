namespace Rootcast.Protocols.Dns;

/// <summary>What a server says of a question (RFC 1035 section 4.1.1).</summary>
public enum DnsResponseCode
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,

    /// <summary>There is no such name.</summary>
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
}
