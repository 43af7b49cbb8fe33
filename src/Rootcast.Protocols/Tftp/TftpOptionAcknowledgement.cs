namespace Rootcast.Protocols.Tftp;

/// <summary>The options that the server takes, with its values (RFC 2347).</summary>
/// <param name="Options">Of those that were asked for.</param>
public sealed record TftpOptionAcknowledgement(IReadOnlyList<TftpOption> Options) : TftpPacket;
