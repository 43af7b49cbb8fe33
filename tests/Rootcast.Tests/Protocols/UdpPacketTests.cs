using System.Net;
using Rootcast.Protocols.Ip;

namespace Rootcast.Tests;

public class UdpPacketTests
{
    private static readonly IPEndPoint Client = new(IPAddress.Any, 68);
    private static readonly IPEndPoint Everyone = new(IPAddress.Broadcast, 67);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(301)]
    public void APacketReadsBackAndItsSumsAreRight(int length)
    {
        byte[] payload = [.. Enumerable.Range(1, length).Select(i => (byte)(i * 7))];
        byte[] packet = UdpPacketWriter.Write(Client, Everyone, payload);
        Assert.True(UdpPacketReader.TryRead(packet, out UdpPacket udp));
        Assert.Equal(Client, udp.Source);
        Assert.Equal(Everyone, udp.Destination);
        Assert.Equal(payload, udp.Payload.ToArray());
        // A sum over everything that a right checksum is part of folds to nothing.
        Assert.Equal(0, UdpPacketWriter.Fold(UdpPacketWriter.Sum(packet.AsSpan(0, 20))));
        uint pseudo = UdpPacketWriter.Sum(packet.AsSpan(12, 8)) + 17 + (uint)(packet.Length - 20);
        Assert.Equal(0, UdpPacketWriter.Fold(pseudo + UdpPacketWriter.Sum(packet.AsSpan(20))));
    }

    [Fact]
    public void TheHeaderSumIsTheOneOfAKnownPacket()
    {
        // The example of RFC 1071's own arithmetic, section 3.
        Assert.Equal(0x2ddf0u, UdpPacketWriter.Sum([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]));
        Assert.Equal(0x220d, UdpPacketWriter.Fold(0x2ddf0));
    }

    [Theory]
    [InlineData(0, 0x65)]
    [InlineData(0, 0x44)]
    [InlineData(2, 0xFF)]
    [InlineData(6, 0x20)]
    [InlineData(7, 0x01)]
    [InlineData(9, 6)]
    [InlineData(25, 3)]
    [InlineData(24, 0xFF)]
    public void WhatIsNoWholeUdpPacketIsNotRead(int at, byte value)
    {
        byte[] packet = UdpPacketWriter.Write(Client, Everyone, new byte[10]);
        packet[at] = value;
        Assert.False(UdpPacketReader.TryRead(packet, out _));
    }

    [Fact]
    public void PaddingBehindThePacketIsNotPartOfIt()
    {
        byte[] packet = [.. UdpPacketWriter.Write(Client, Everyone, new byte[3]), .. new byte[15]];
        Assert.True(UdpPacketReader.TryRead(packet, out UdpPacket udp));
        Assert.Equal(3, udp.Payload.Length);
    }

    [Fact]
    public void TheReaderStandsAnyBytes()
    {
        int read = 0;
        Fuzzing.Mutate(
            100_000,
            UdpPacketWriter.Write(Client, Everyone, new byte[64]),
            packet => read += UdpPacketReader.TryRead(packet, out UdpPacket udp) && udp.Payload.Length < packet.Length ? 1 : 0
        );
        Assert.True(read > 10_000, $"only {read} were read at all");
    }
}
