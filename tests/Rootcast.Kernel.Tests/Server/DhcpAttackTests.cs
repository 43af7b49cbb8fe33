using System.Net;
using System.Net.Sockets;
using Rootcast.Protocols.Dhcp;
using Rootcast.Server;
using Rootcast.Server.Interfaces;
using Rootcast.Server.Ipxe;
using Rootcast.Server.ProxyDhcp;

namespace Rootcast.Tests;

/// <summary>The DHCP server on the loopback's own ports, and clients that mean no good. After each of them a good one is answered.</summary>
public sealed class DhcpAttackTests : IAsyncDisposable
{
    private const int LongestDatagram = 65_507;
    private readonly List<string> said = [];
    private readonly Socket client = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private DhcpServer? server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task SixtyFourKibibytesOfOptionsAreReadToTheirEnd()
    {
        Start();
        DhcpOption junk = new(DhcpOptionCode.VendorSpecific, new byte[255]);
        byte[] start = DhcpWriter.Write(Request([.. Enumerable.Repeat(junk, 200)]));
        byte[] message = new byte[LongestDatagram];
        start.CopyTo(message, 0);
        // Pads as far as a datagram goes, behind the end of the options.
        await AnsweredAsync(message);
        // One option that says that it goes on behind the datagram's end.
        message.AsSpan(start.Length - 1).Clear();
        message[LongestDatagram - 2] = (byte)DhcpOptionCode.VendorSpecific;
        message[LongestDatagram - 1] = 255;
        await IgnoredAsync(message);
    }

    [Fact]
    public async Task WhatIsMalformedIsIgnoredAndSaidOnce()
    {
        Start();
        byte[] good = DhcpWriter.Write(Request([]));
        for (int i = 0; i < 20; i++)
        {
            await client.SendToAsync(good.AsMemory(0, 100), Server, Cancellation);
        }
        await client.SendToAsync(Array.Empty<byte>(), Server, Cancellation);
        await AnsweredAsync(good);
        Assert.Single(said, line => line.Contains("100 bytes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MutatedMessagesDoNoHarm()
    {
        Start();
        Random random = new(1);
        byte[] good = DhcpWriter.Write(Request([]));
        for (int i = 0; i < 2000; i++)
        {
            byte[] bad = [.. good];
            for (int n = random.Next(1, 8); n > 0; n--)
            {
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            }
            await client.SendToAsync(bad, Server, Cancellation);
        }
        await AnsweredAsync(good);
    }

    private static IPEndPoint Server => new(IPAddress.Loopback, DhcpDecision.BootServerPort);

    private void Start()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "DHCP's ports need root");
        try
        {
            server = DhcpServer.Start(
                [new ServedInterface("lo", IPAddress.Loopback, 8)],
                one => new ServerPlace(one.Address, 8080, [IpxePrograms.EfiFirmwareDriver], HasTftp: true, HasEfiProgram: false),
                null,
                new ServerLog(line => said.Add(line.ToString())),
                new ServerCounters(),
                (_, _) => { }
            );
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            Assert.Skip("this host has a DHCP server already");
        }
        client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    private static DhcpMessage Request(IEnumerable<DhcpOption> more) =>
        new()
        {
            TransactionId = 7,
            HardwareAddress = new byte[] { 0x52, 0x54, 0, 0x12, 0x34, 0x56 },
            Options =
            [
                new DhcpOption(DhcpOptionCode.MessageType, new[] { (byte)DhcpMessageType.Request }),
                new DhcpOption(DhcpOptionCode.VendorClass, "PXEClient:Arch:00007:UNDI:003016"u8.ToArray()),
                new DhcpOption(DhcpOptionCode.ClientArchitecture, new byte[] { 0, 7 }),
                .. more,
            ],
        };

    private async Task AnsweredAsync(byte[] message)
    {
        byte[] place = new byte[2000];
        // Sent again and again: answers to what was mutated may come before, and a queue that was full has dropped this one.
        while (true)
        {
            await client.SendToAsync(message, Server, Cancellation);
            if (!client.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectRead))
            {
                continue;
            }
            int length = await client.ReceiveAsync(place, Cancellation);
            DhcpMessage answer = DhcpReader.Read(place.AsSpan(0, length));
            if (answer.TransactionId == 7 && answer.BootFile == IpxePrograms.EfiFirmwareDriver)
            {
                return;
            }
        }
    }

    /// <summary>A good message that comes after it is answered first.</summary>
    private async Task IgnoredAsync(byte[] message)
    {
        await client.SendToAsync(message, Server, Cancellation);
        await AnsweredAsync(DhcpWriter.Write(Request([])));
        Assert.Contains(said, line => line.Contains("ignored", StringComparison.Ordinal));
    }
}
