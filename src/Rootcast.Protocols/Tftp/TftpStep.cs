namespace Rootcast.Protocols.Tftp;

/// <summary>One step of a transfer.</summary>
/// <param name="Action">What to do.</param>
/// <param name="FirstBlock">Counts from 1 without end; on the wire its lower 16 bits.</param>
/// <param name="Blocks">How many blocks to send.</param>
/// <param name="Packet">What to send instead.</param>
/// <param name="Reason">Why it gives up, for the log.</param>
public readonly record struct TftpStep(
    TftpAction Action,
    long FirstBlock = 0,
    int Blocks = 0,
    TftpPacket? Packet = null,
    string? Reason = null
);
