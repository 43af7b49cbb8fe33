namespace Rootcast.Protocols.Tftp;

/// <summary>A TFTP packet: one of the records of this folder.</summary>
public abstract record TftpPacket;
