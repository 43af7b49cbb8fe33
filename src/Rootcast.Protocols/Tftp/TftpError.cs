namespace Rootcast.Protocols.Tftp;

/// <summary>Ends a transfer.</summary>
/// <param name="Code">Numbers that no RFC has are <see cref="TftpErrorCode.Other"/>.</param>
/// <param name="Text">For people.</param>
public sealed record TftpError(TftpErrorCode Code, string Text) : TftpPacket;
