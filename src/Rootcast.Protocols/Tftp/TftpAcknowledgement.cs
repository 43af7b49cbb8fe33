namespace Rootcast.Protocols.Tftp;

/// <summary>All blocks up to this one have arrived.</summary>
/// <param name="Block">0 acknowledges the options.</param>
public sealed record TftpAcknowledgement(ushort Block) : TftpPacket;
