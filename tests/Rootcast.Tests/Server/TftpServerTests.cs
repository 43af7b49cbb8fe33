using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Rootcast.Protocols.Tftp;
using Rootcast.Server;
using Rootcast.Server.Content;
using Rootcast.Server.Tftp;

namespace Rootcast.Tests;

/// <summary>The server on loopback ports, asked packet by packet.</summary>
public sealed class TftpServerTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly byte[] content = RandomNumberGenerator.GetBytes(2000);
    private readonly List<string> said = [];
    private readonly ServerCounters counters = new();
    private readonly TftpServer server;
    private readonly Socket client = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public TftpServerTests()
    {
        server = TftpServer.Start(
            new TftpServerOptions
            {
                EndPoints = [new IPEndPoint(IPAddress.Loopback, 0)],
                Find = request =>
                    request.Path switch
                    {
                        "/boot/file" => ServedContent.OfParts([
                            ContentPart.Of(content.AsMemory(0, 700)),
                            ContentPart.Of(content.AsMemory(700)),
                        ]),
                        "/script" => ServedContent.OfText(request.Authority),
                        _ => null,
                    },
                HttpPort = 8080,
                Log = new ServerLog(line => said.Add(line.ToString())),
                Counters = counters,
            }
        );
        client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        client.Dispose();
    }

    [Theory]
    [InlineData("boot/file")]
    [InlineData("//boot//file")]
    public async Task AFileComesInBlocksFromAPortOfItsOwn(string path)
    {
        await Send(new TftpRequest(false, path, "OCTET", []), server.EndPoints[0]);
        MemoryStream got = new();
        ushort block = 0;
        TftpData data;
        do
        {
            (TftpPacket packet, IPEndPoint source) = await Receive();
            data = Assert.IsType<TftpData>(packet);
            Assert.Equal(++block, data.Block);
            Assert.NotEqual(server.EndPoints[0].Port, source.Port);
            got.Write(data.Content.Span);
            await Send(new TftpAcknowledgement(block), source);
        } while (data.Content.Length == 512);
        Assert.Equal(content, got.ToArray());
    }

    [Fact]
    public async Task ScriptsNameTheAddressThatWasAsked()
    {
        await Send(new TftpRequest(false, "script", "octet", []), server.EndPoints[0]);
        (TftpPacket packet, IPEndPoint source) = await Receive();
        Assert.Equal("127.0.0.1:8080"u8, Assert.IsType<TftpData>(packet).Content.Span);
        await Send(new TftpAcknowledgement(1), source);
    }

    [Theory]
    [InlineData(true, "boot/file", "octet", TftpErrorCode.AccessViolation)]
    [InlineData(false, "../boot/file", "octet", TftpErrorCode.NotFound)]
    [InlineData(false, "/etc/passwd", "octet", TftpErrorCode.NotFound)]
    [InlineData(false, "boot\\file", "octet", TftpErrorCode.NotFound)]
    [InlineData(false, "boot/file", "mail", TftpErrorCode.Other)]
    public async Task WhatIsNotServedIsRefusedAndSaidOnce(bool isWrite, string path, string mode, TftpErrorCode code)
    {
        for (int i = 0; i < 3; i++)
        {
            await Send(new TftpRequest(isWrite, path, mode, []), server.EndPoints[0]);
            (TftpPacket packet, _) = await Receive();
            Assert.Equal(code, Assert.IsType<TftpError>(packet).Code);
        }
        await server.DisposeAsync();
        Assert.Single(said, line => line.Contains("refused", StringComparison.Ordinal));
        Assert.Contains("rootcast_tftp_refused_total 3", counters.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStrangerIsToldSoAndTheTransferGoesOn()
    {
        await Send(new TftpRequest(false, "boot/file", "octet", [new("blksize", "1500")]), server.EndPoints[0]);
        (TftpPacket options, IPEndPoint source) = await Receive();
        Assert.Equal("options blksize=1500", TftpDump.Text(options));
        using Socket stranger = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        stranger.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await stranger.SendToAsync(TftpWriter.Write(new TftpError(TftpErrorCode.Other, "stop")), source, Cancellation);
        byte[] answer = new byte[600];
        SocketReceiveFromResult got = await stranger
            .ReceiveFromAsync(answer, source, Cancellation)
            .AsTask()
            .WaitAsync(Patience, Cancellation);
        Assert.Equal(TftpErrorCode.UnknownTransfer, Assert.IsType<TftpError>(TftpReader.Read(answer.AsSpan(0, got.ReceivedBytes))).Code);
        await Send(new TftpAcknowledgement(0), source);
        Assert.Equal(1500, Assert.IsType<TftpData>((await Receive()).Packet).Content.Length);
        await Send(new TftpAcknowledgement(1), source);
        Assert.Equal(500, Assert.IsType<TftpData>((await Receive()).Packet).Content.Length);
        await Send(new TftpAcknowledgement(2), source);
    }

    [Fact]
    public async Task NonsenseIsNotAnsweredAndDoesNoHarm()
    {
        Random random = new(1);
        byte[] sample = TftpWriter.Write(new TftpRequest(false, "boot/none", "octet", [new("blksize", "8")]));
        // No more than sockets hold, however late the server is.
        for (int i = 0; i < 60; i++)
        {
            await client.SendToAsync(Fuzzing.Mutated(sample, random), server.EndPoints[0], Cancellation);
        }
        await client.SendToAsync(new byte[20_000], server.EndPoints[0], Cancellation);
        await Send(new TftpRequest(false, "script", "octet", []), server.EndPoints[0]);
        TftpPacket packet;
        IPEndPoint source;
        do
        {
            (packet, source) = await Receive();
        } while (packet is TftpError or TftpOptionAcknowledgement);
        Assert.IsType<TftpData>(packet);
        await Send(new TftpAcknowledgement(1), source);
    }

    private async Task Send(TftpPacket packet, IPEndPoint target) =>
        await client.SendToAsync(TftpWriter.Write(packet), target, Cancellation);

    private async Task<(TftpPacket Packet, IPEndPoint Source)> Receive()
    {
        byte[] buffer = new byte[TftpReader.LongestPacket];
        SocketReceiveFromResult got = await client
            .ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), Cancellation)
            .AsTask()
            .WaitAsync(Patience, Cancellation);
        return (TftpReader.Read(buffer.AsSpan(0, got.ReceivedBytes)), (IPEndPoint)got.RemoteEndPoint);
    }
}
