using System.Buffers.Binary;
using System.Net;

namespace Rootcast.Protocols.Ip;

/// <summary>Writes IPv4 packets that carry UDP, for a packet socket.</summary>
public static class UdpPacketWriter
{
    private const byte TimeToLive = 64;

    /// <summary>Builds a packet with both checksums.</summary>
    /// <param name="source">IPv4.</param>
    /// <param name="destination">IPv4.</param>
    /// <param name="payload">At most 65,507 bytes.</param>
    public static byte[] Write(IPEndPoint source, IPEndPoint destination, ReadOnlySpan<byte> payload)
    {
        int udpBytes = UdpLayout.UdpHeaderBytes + payload.Length;
        int total = UdpLayout.IpHeaderBytes + udpBytes;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(total, ushort.MaxValue, nameof(payload));
        byte[] packet = new byte[total];
        packet[UdpLayout.VersionAndLengthAt] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(UdpLayout.TotalLengthAt), (ushort)total);
        packet[UdpLayout.TimeToLiveAt] = TimeToLive;
        packet[UdpLayout.ProtocolAt] = UdpLayout.ProtocolUdp;
        source.Address.TryWriteBytes(packet.AsSpan(UdpLayout.SourceAt), out _);
        destination.Address.TryWriteBytes(packet.AsSpan(UdpLayout.DestinationAt), out _);
        Span<byte> header = packet.AsSpan(0, UdpLayout.IpHeaderBytes);
        BinaryPrimitives.WriteUInt16BigEndian(header[UdpLayout.HeaderChecksumAt..], Fold(Sum(header)));

        Span<byte> datagram = packet.AsSpan(UdpLayout.IpHeaderBytes);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[UdpLayout.SourcePortAt..], (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[UdpLayout.DestinationPortAt..], (ushort)destination.Port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[UdpLayout.LengthAt..], (ushort)udpBytes);
        payload.CopyTo(datagram[UdpLayout.UdpHeaderBytes..]);
        // The pseudo header: both addresses, the protocol, the length.
        uint sum = Sum(packet.AsSpan(UdpLayout.SourceAt, 8)) + UdpLayout.ProtocolUdp + (uint)udpBytes + Sum(datagram);
        ushort checksum = Fold(sum);
        // 0 would say that there is none.
        BinaryPrimitives.WriteUInt16BigEndian(datagram[UdpLayout.ChecksumAt..], checksum == 0 ? (ushort)0xFFFF : checksum);
        return packet;
    }

    /// <summary>Sum of 16-bit words, an odd byte counting as the high half of one (RFC 1071). 65,535 bytes stay below 2^31.</summary>
    internal static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (; bytes.Length >= 2; bytes = bytes[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }
        return bytes.IsEmpty ? sum : sum + ((uint)bytes[0] << 8);
    }

    /// <summary>The checksum of a sum: its carries added in, then complemented.</summary>
    internal static ushort Fold(uint sum)
    {
        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        return (ushort)~sum;
    }
}
