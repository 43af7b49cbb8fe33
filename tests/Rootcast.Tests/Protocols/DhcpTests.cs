using System.Net;
using Rootcast.Protocols.Dhcp;

namespace Rootcast.Tests;

public class DhcpTests
{
    private const int OptionsAt = 240;
    private const int BootFileAt = 108;
    private const int ServerNameAt = 44;

    internal static DhcpMessage Sample { get; } =
        new()
        {
            IsReply = true,
            TransactionId = 0x12345678,
            Seconds = 3,
            Broadcast = true,
            YourAddress = IPAddress.Parse("10.0.2.15"),
            ServerAddress = IPAddress.Parse("10.0.2.2"),
            HardwareAddress = new byte[] { 0x52, 0x54, 0, 0x12, 0x34, 0x56 },
            ServerName = "boot",
            BootFile = "pxelinux.0",
            Options =
            [
                new(DhcpOptionCode.MessageType, new byte[] { 5 }),
                new(DhcpOptionCode.ServerIdentifier, new byte[] { 10, 0, 2, 2 }),
                new(DhcpOptionCode.SubnetMask, new byte[] { 255, 255, 255, 0 }),
                new(DhcpOptionCode.Router, new byte[] { 10, 0, 2, 2, 10, 0, 2, 3 }),
                new(DhcpOptionCode.DomainNameServer, new byte[] { 10, 0, 2, 3 }),
                new(DhcpOptionCode.HostName, "node7\0"u8.ToArray()),
                new(DhcpOptionCode.DomainName, "lab.example"u8.ToArray()),
                new(DhcpOptionCode.InterfaceMtu, new byte[] { 5, 0xDC }),
                new(DhcpOptionCode.LeaseTime, new byte[] { 0, 1, 0x51, 0x80 }),
                new(DhcpOptionCode.ClasslessRoutes, new byte[] { 0, 10, 0, 2, 2, 20, 172, 16, 0x10, 10, 0, 2, 9 }),
            ],
        };

    [Fact]
    public void AMessageReadsBackAsItWasWritten() =>
        Golden.Assert("dhcp-acknowledge.txt", DhcpDump.Text(DhcpReader.Read(DhcpWriter.Write(Sample))));

    [Fact]
    public void OptionsHaveTheirMeaning()
    {
        DhcpMessage message = DhcpReader.Read(DhcpWriter.Write(Sample));
        Assert.Equal(DhcpMessageType.Acknowledge, message.Type);
        Assert.Equal("10.0.2.2", message.ServerIdentifier!.ToString());
        Assert.Equal(24, message.PrefixLength);
        Assert.Equal(["10.0.2.2", "10.0.2.3"], message.Routers.Select(router => router.ToString()));
        Assert.Equal(["10.0.2.3"], message.NameServers.Select(server => server.ToString()));
        Assert.Equal("node7", message.HostName);
        Assert.Equal("lab.example", message.DomainName);
        Assert.Equal(1500, message.Mtu);
        Assert.Equal(86_400u, message.LeaseSeconds);
        Assert.Equal(
            [
                new DhcpRoute(IPAddress.Any, 0, IPAddress.Parse("10.0.2.2")),
                new DhcpRoute(IPAddress.Parse("172.16.16.0"), 20, IPAddress.Parse("10.0.2.9")),
            ],
            message.ClasslessRoutes
        );
    }

    [Fact]
    public void AMessageIsNeverShorterThanBootpAllows() =>
        Assert.Equal(300, DhcpWriter.Write(new DhcpMessage { HardwareAddress = new byte[6] }).Length);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(510)]
    [InlineData(1000)]
    public void ALongOptionTravelsInParts(int length)
    {
        byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        DhcpMessage message = new() { Options = [new(DhcpOptionCode.VendorClass, data), new(DhcpOptionCode.HostName, "x"u8.ToArray())] };
        DhcpMessage read = DhcpReader.Read(DhcpWriter.Write(message));
        Assert.Equal(data, read.Data(DhcpOptionCode.VendorClass).ToArray());
        Assert.Equal("x", read.HostName);
    }

    [Fact]
    public void OverloadedFieldsAreReadInTheOrderOfTheirJoining()
    {
        byte[] bytes = new byte[300];
        bytes[0] = 2;
        new byte[] { 0x63, 0x82, 0x53, 0x63 }.CopyTo(bytes, 236);
        // 12 begins in the options, goes on in the boot file, ends in the server name.
        new byte[] { 52, 1, 3, 12, 1, (byte)'a', 255 }.CopyTo(bytes, OptionsAt);
        new byte[] { 12, 1, (byte)'b', 255 }.CopyTo(bytes, BootFileAt);
        new byte[] { 12, 1, (byte)'c', 0, 255 }.CopyTo(bytes, ServerNameAt);
        DhcpMessage message = DhcpReader.Read(bytes);
        Assert.Equal("abc", message.HostName);
        Assert.Equal("", message.BootFile);
        Assert.Equal("", message.ServerName);
    }

    [Fact]
    public void AMessageWithoutEndOptionIsTaken()
    {
        byte[] bytes = DhcpWriter.Write(new DhcpMessage { Options = [new(DhcpOptionCode.HostName, new byte[255])] });
        Assert.Equal(255, DhcpReader.Read(bytes.AsSpan(0, OptionsAt + 257)).Data(DhcpOptionCode.HostName).Length);
    }

    [Theory]
    [InlineData(0, 7, "byte 0: operation 7")]
    [InlineData(2, 17, "byte 2: hardware address of 17 bytes")]
    [InlineData(236, 0, "byte 236: the magic cookie")]
    [InlineData(OptionsAt + 1, 200, "option 53 has 200 bytes, but only 58 follow")]
    public void WhatCannotBeIsRefusedWithItsPlace(int at, byte value, string reason)
    {
        byte[] bytes = DhcpWriter.Write(new DhcpMessage { Options = [new(DhcpOptionCode.MessageType, new byte[] { 1 })] });
        bytes[at] = value;
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => DhcpReader.Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\nroot=/evil")]
    [InlineData("a\u001b[2J")]
    [InlineData("\0")]
    public void TextThatCouldDeceiveIsAsIfAbsent(string name)
    {
        byte[] data = System.Text.Encoding.ASCII.GetBytes(name);
        Assert.Null(new DhcpMessage { Options = [new(DhcpOptionCode.HostName, data)] }.HostName);
    }

    [Theory]
    [InlineData("255.255.255.255", 32)]
    [InlineData("255.255.252.0", 22)]
    [InlineData("0.0.0.0", 0)]
    [InlineData("255.0.255.0", null)]
    [InlineData("0.0.0.1", null)]
    public void AMaskWithGapsIsNone(string mask, int? length) =>
        Assert.Equal(
            length,
            new DhcpMessage { Options = [new(DhcpOptionCode.SubnetMask, IPAddress.Parse(mask).GetAddressBytes())] }.PrefixLength
        );

    [Fact]
    public void TheReaderStandsAnyBytes()
    {
        int read = 0;
        Fuzzing.Mutate(
            100_000,
            DhcpWriter.Write(Sample),
            bytes =>
            {
                DhcpMessage message = DhcpReader.Read(bytes);
                Assert.True(message.Options.Sum(option => option.Data.Length) <= bytes.Length);
                _ = DhcpDump.Text(message);
                _ = message.ClasslessRoutes.Count + message.Routers.Count + message.NameServers.Count;
                _ = (message.PrefixLength, message.Mtu, message.LeaseSeconds, message.Type, message.HostName);
                read++;
            }
        );
        Assert.True(read > 10_000, $"only {read} were read at all");
    }
}
