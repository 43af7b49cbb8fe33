namespace Rootcast.Protocols.Tftp;

/// <summary>A block of the file.</summary>
/// <param name="Block">Counts from 1; 0 follows on 65,535.</param>
/// <param name="Content">Shorter than the block size in the last one only.</param>
public sealed record TftpData(ushort Block, ReadOnlyMemory<byte> Content) : TftpPacket;
