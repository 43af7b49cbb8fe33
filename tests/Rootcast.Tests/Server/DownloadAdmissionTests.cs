using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Rootcast.Server.Http;

namespace Rootcast.Tests;

/// <summary>One download at a time, over real sockets.</summary>
public sealed class DownloadAdmissionTests : IAsyncLifetime
{
    private const int PieceBytes = 1 << 20;
    private readonly TemporaryDirectory folder = new();

    /// <summary>More than all buffers between server and client: a client that does not read keeps its place.</summary>
    private readonly byte[] content = RandomNumberGenerator.GetBytes(24 << 20);

    private readonly byte[] kernel = RandomNumberGenerator.GetBytes(64 << 10);

    private ArtefactServer server = null!;
    private string path = "";
    private string kernelPath = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        path = await PlaceAsync(content);
        kernelPath = await PlaceAsync(kernel);
        server = await StartAsync(TimeSpan.FromMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task AHeldRequestTakesThePlaceThatBecomesFree()
    {
        await using NetworkStream first = await AskAsync();
        await ReadHeadAsync(first);
        await using NetworkStream second = await AskAsync();
        await WaitingAsync(1);
        first.Close();
        Assert.StartsWith("HTTP/1.1 200 ", await ReadHeadAsync(second), StringComparison.Ordinal);
        Assert.Equal((1, 0), server.Downloads);
    }

    [Fact]
    public async Task WhoHasAPartComesBeforeWhoHasNothing()
    {
        await using NetworkStream first = await AskAsync();
        await ReadHeadAsync(first);
        await using NetworkStream second = await AskAsync(from: "127.0.0.2");
        await WaitingAsync(1);
        await using NetworkStream third = await AskAsync(from: "127.0.0.3", range: $"bytes={PieceBytes}-");
        await WaitingAsync(2);
        first.Close();
        Assert.StartsWith("HTTP/1.1 206 ", await ReadHeadAsync(third), StringComparison.Ordinal);
        third.Close();
        Assert.StartsWith("HTTP/1.1 200 ", await ReadHeadAsync(second), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoWaitsTooLongIsToldWhenToComeAgainAndKeepsItsTurn()
    {
        await server.DisposeAsync();
        server = await StartAsync(TimeSpan.FromMilliseconds(50));
        await using NetworkStream first = await AskAsync();
        await ReadHeadAsync(first);
        await using NetworkStream second = await AskAsync(from: "127.0.0.2");
        string head = await ReadHeadAsync(second);
        Assert.StartsWith("HTTP/1.1 503 Busy, 1 downloads run and 1 machines wait\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nRetry-After: 1\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("ETag", head, StringComparison.Ordinal);
        Assert.Equal((1, 1), server.Downloads);
    }

    [Fact]
    public async Task HeadsAndSmallPartsDoNotWait()
    {
        await using NetworkStream first = await AskAsync();
        await ReadHeadAsync(first);
        await using NetworkStream look = await AskAsync(method: "HEAD");
        Assert.StartsWith("HTTP/1.1 200 ", await ReadHeadAsync(look), StringComparison.Ordinal);
        await using NetworkStream block = await AskAsync(range: "bytes=4096-8191");
        Assert.StartsWith("HTTP/1.1 206 ", await ReadHeadAsync(block), StringComparison.Ordinal);
    }

    /// <summary>iPXE is told when to come again, as /init is; firmware that would give up then is served. Who has its kernel comes before who has nothing.</summary>
    [Fact]
    public async Task KernelsAndInitrdsWaitWhereTheClientKnowsHowTo()
    {
        await using NetworkStream first = await AskAsync();
        await ReadHeadAsync(first);
        await using NetworkStream loadsKernel = await AskAsync(from: "127.0.0.2", target: $"{kernelPath}?is=kernel", agent: "iPXE/1.21.1");
        await WaitingAsync(1);
        await using NetworkStream loadsInitrd = await AskAsync(from: "127.0.0.3", target: $"{kernelPath}?is=initrd", agent: "iPXE/1.21.1");
        await WaitingAsync(2);
        await using NetworkStream firmware = await AskAsync(target: kernelPath, agent: "UefiHttpBoot/1.0");
        Assert.StartsWith("HTTP/1.1 200 ", await ReadHeadAsync(firmware), StringComparison.Ordinal);
        first.Close();
        Assert.StartsWith("HTTP/1.1 200 ", await ReadHeadAsync(loadsInitrd), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await ReadHeadAsync(loadsKernel), StringComparison.Ordinal);
    }

    /// <summary>As many as there is room for are held: who comes before one of them is held in its place.</summary>
    [Fact]
    public async Task WhoHasMoreIsHeldInThePlaceOfWhoHasLess()
    {
        await using NetworkStream first = await AskAsync();
        await ReadHeadAsync(first);
        await using NetworkStream second = await AskAsync(from: "127.0.0.2", target: kernelPath, agent: "iPXE/1.21.1");
        await WaitingAsync(1);
        await using NetworkStream third = await AskAsync(from: "127.0.0.3", target: kernelPath, agent: "iPXE/1.21.1");
        await WaitingAsync(2);
        await using NetworkStream fourth = await AskAsync(from: "127.0.0.4");
        Assert.StartsWith("HTTP/1.1 503 ", await ReadHeadAsync(third), StringComparison.Ordinal);
        await using NetworkStream fifth = await AskAsync(from: "127.0.0.5", target: kernelPath, agent: "iPXE/1.21.1");
        Assert.StartsWith("HTTP/1.1 503 ", await ReadHeadAsync(fifth), StringComparison.Ordinal);
        first.Close();
        Assert.StartsWith("HTTP/1.1 200 ", await ReadHeadAsync(fourth), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientThatLeavesWhileItWaitsLosesNobodysPlace()
    {
        await using NetworkStream first = await AskAsync();
        await ReadHeadAsync(first);
        NetworkStream second = await AskAsync(from: "127.0.0.2");
        await WaitingAsync(1);
        second.Close();
        await using NetworkStream third = await AskAsync(from: "127.0.0.3");
        await WaitingAsync(2);
        first.Close();
        Assert.StartsWith("HTTP/1.1 200 ", await ReadHeadAsync(third), StringComparison.Ordinal);
    }

    private Task<ArtefactServer> StartAsync(TimeSpan hold) =>
        ArtefactServer.StartAsync(
            new ArtefactServerOptions
            {
                FindBlob = ArtefactServerOptions.BlobFolder(folder.Path),
                IsDownload = hex => path.EndsWith(hex, StringComparison.Ordinal),
                MostDownloads = 1,
                DownloadHold = hold,
            },
            Cancellation
        );

    /// <summary>The server counts who waits before it answers: asked until it does.</summary>
    private async Task WaitingAsync(int count)
    {
        while (server.Downloads.Waiting != count)
        {
            await Task.Delay(10, Cancellation);
        }
    }

    private async Task<string> PlaceAsync(byte[] bytes)
    {
        string hex = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await File.WriteAllBytesAsync(folder.File(hex), bytes, Cancellation);
        return BlobPath.Of($"sha256:{hex}");
    }

    private async Task<NetworkStream> AskAsync(
        string from = "127.0.0.1",
        string method = "GET",
        string? range = null,
        string? target = null,
        string agent = "curl/8"
    )
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 1 << 16 };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(server.EndPoint, Cancellation);
        NetworkStream stream = new(socket, ownsSocket: true);
        string head =
            $"{method} {target ?? path} HTTP/1.1\r\nHost: x\r\nUser-Agent: {agent}\r\n{(range is null ? "" : $"Range: {range}\r\n")}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), Cancellation);
        return stream;
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            Assert.Equal(1, await stream.ReadAsync(one, Cancellation));
            head.Append((char)one[0]);
        }
        return head.ToString();
    }
}
