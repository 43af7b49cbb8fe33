using System.Buffers.Binary;
using System.Net;

namespace Rootcast.Protocols.Ip;

/// <summary>Reads IPv4 packets as a packet socket gives them.</summary>
public static class UdpPacketReader
{
    /// <summary>Reads a packet. False when it is not a whole IPv4 packet that carries UDP.</summary>
    /// <remarks>The UDP checksum is not looked at: between virtual machines of one host, and wherever the card would fill it in, a packet
    /// socket sees it unfinished. What the packet holds has checks of its own.</remarks>
    public static bool TryRead(ReadOnlySpan<byte> packet, out UdpPacket udp)
    {
        udp = default;
        if (packet.Length < UdpLayout.IpHeaderBytes || packet[UdpLayout.VersionAndLengthAt] >> 4 != 4)
        {
            return false;
        }
        int headerBytes = (packet[UdpLayout.VersionAndLengthAt] & 0xF) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(packet[UdpLayout.TotalLengthAt..]);
        if (
            headerBytes < UdpLayout.IpHeaderBytes
            || total > packet.Length
            || total < headerBytes + UdpLayout.UdpHeaderBytes
            || packet[UdpLayout.ProtocolAt] != UdpLayout.ProtocolUdp
            || (BinaryPrimitives.ReadUInt16BigEndian(packet[UdpLayout.FragmentAt..]) & UdpLayout.FragmentMask) != 0
        )
        {
            return false;
        }
        ReadOnlySpan<byte> datagram = packet[headerBytes..total];
        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[UdpLayout.LengthAt..]);
        if (length < UdpLayout.UdpHeaderBytes || length > datagram.Length)
        {
            return false;
        }
        udp = new UdpPacket(
            EndPoint(packet.Slice(UdpLayout.SourceAt, 4), datagram[UdpLayout.SourcePortAt..]),
            EndPoint(packet.Slice(UdpLayout.DestinationAt, 4), datagram[UdpLayout.DestinationPortAt..]),
            datagram[UdpLayout.UdpHeaderBytes..length]
        );
        return true;
    }

    private static IPEndPoint EndPoint(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port) =>
        new(new IPAddress(address), BinaryPrimitives.ReadUInt16BigEndian(port));
}
