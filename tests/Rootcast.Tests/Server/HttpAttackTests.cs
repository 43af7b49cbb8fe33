using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Rootcast.Server.Http;
using Rootcast.Server.Tls;

namespace Rootcast.Tests;

/// <summary>Clients that mean no good, over real sockets. After each of them a good one is served.</summary>
public sealed class HttpAttackTests : IAsyncLifetime
{
    private const int MostConnections = 4;
    private readonly TemporaryDirectory folder = new();
    private readonly ConcurrentQueue<string> refused = new();
    private readonly byte[] content = RandomNumberGenerator.GetBytes(100_000);
    private OwnCertificate certificate = null!;
    private ArtefactServer server = null!;
    private string path = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        string hex = Convert.ToHexStringLower(SHA256.HashData(content));
        path = BlobPath.Of($"sha256:{hex}");
        await File.WriteAllBytesAsync(folder.File(hex), content, Cancellation);
        certificate = OwnCertificate.Open(folder.File("tls"), ["127.0.0.1"], TimeProvider.System);
        server = await ArtefactServer.StartAsync(
            new ArtefactServerOptions
            {
                FindBlob = ArtefactServerOptions.BlobFolder(folder.Path),
                Https = new IPEndPoint(IPAddress.Loopback, 0),
                Certificate = certificate,
                Refused = (_, reason) => refused.Enqueue(reason),
                MostConnections = MostConnections,
                MostKept = 2,
                HeadTimeout = TimeSpan.FromMilliseconds(300),
                IdleTimeout = TimeSpan.FromMilliseconds(300),
            },
            Cancellation
        );
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        certificate.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task AHeadThatDoesNotEndIsGivenUp()
    {
        await using NetworkStream slow = await ConnectAsync($"GET {path} HTTP/1.1\r\nHost: x\r\nX-More: ");
        Assert.StartsWith("HTTP/1.1 408 ", await ReadAsync(slow), StringComparison.Ordinal);
        await ServedAsync();
        Assert.Contains(refused, reason => reason.Contains("timed out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ASilentConnectionIsClosed()
    {
        await using NetworkStream silent = await ConnectAsync("");
        Assert.Equal("", await ReadAsync(silent));
        await using NetworkStream between = await ConnectAsync($"HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await ReadAsync(between), StringComparison.Ordinal);
        await ServedAsync();
    }

    [Theory]
    [InlineData("GET /{4200} HTTP/1.1\r\nHost: x\r\n\r\n", "414")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX: {17000}\r\n\r\n", "431")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n{headers}\r\n", "431")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400")]
    [InlineData("\0\0\0\0\r\n\r\n", "400")]
    public async Task WhatIsTooLongOrMalformedIsRefused(string request, string status)
    {
        string head = request
            .Replace("{4200}", new string('a', 4200), StringComparison.Ordinal)
            .Replace("{17000}", new string('a', 17_000), StringComparison.Ordinal)
            .Replace("{headers}", string.Concat(Enumerable.Range(0, 70).Select(i => $"X-{i}: 1\r\n")), StringComparison.Ordinal);
        await using NetworkStream client = await ConnectAsync(head);
        Assert.StartsWith($"HTTP/1.1 {status} ", await ReadAsync(client), StringComparison.Ordinal);
        Assert.Single(refused);
        await ServedAsync();
    }

    [Fact]
    public async Task NobodyGetsAllConnections()
    {
        List<NetworkStream> held = [];
        try
        {
            for (int i = 0; i <= MostConnections; i++)
            {
                // A head that has begun keeps its connection longer than one that is silent.
                held.Add(await ConnectAsync("GET"));
            }
            // Which of them the server sees last is its own affair; that one is closed.
            await await Task.WhenAny(held.Select(client => ReadAsync(client)));
            Assert.Contains($"more than {MostConnections} connections", Assert.Single(refused), StringComparison.Ordinal);
        }
        finally
        {
            held.ForEach(client => client.Dispose());
        }
        await ServedAsync();
    }

    [Fact]
    public async Task WhereManyAreConnectedAnsweredConnectionsAreClosed()
    {
        string request = $"HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\n";
        await using NetworkStream one = await ConnectAsync(request);
        Assert.DoesNotContain("Connection: close", await ReadAsync(one), StringComparison.Ordinal);
        string answer = "";
        // The first two are given up after 300 ms, and may not be looked at before the third: on a busy host not every try has three at the same time.
        for (int tries = 0; tries < 20 && !answer.Contains("Connection: close", StringComparison.Ordinal); tries++)
        {
            await using NetworkStream first = await ConnectAsync("GET");
            await using NetworkStream second = await ConnectAsync("GET");
            await using NetworkStream third = await ConnectAsync(request);
            answer = await ReadAsync(third);
        }
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNoTlsIsRefused()
    {
        await using NetworkStream client = await ConnectAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n", server.SecureEndPoint!);
        Assert.DoesNotContain("HTTP/1.1", await ReadAsync(client), StringComparison.Ordinal);
        await ServedAsync();
        Assert.Contains(refused, reason => reason.Contains("no TLS handshake", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MutatedRequestsDoNoHarm()
    {
        Random random = new(1);
        byte[] good = Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=5-9\r\nIf-Range: \"x\"\r\nIf-None-Match: \"y\"\r\nConnection: close\r\n\r\n"
        );
        for (int i = 0; i < 150; i++)
        {
            byte[] bad = [.. good];
            for (int n = random.Next(1, 6); n > 0; n--)
            {
                bad[random.Next(bad.Length - 4)] = (byte)random.Next(256);
            }
            await using NetworkStream client = await ConnectAsync("");
            string answer = await AskAsync(client, bad);
            Assert.DoesNotContain("HTTP/1.1 500", answer, StringComparison.Ordinal);
        }
        await ServedAsync();
    }

    /// <summary>Connects and says that; the server may have closed it before.</summary>
    private async Task<NetworkStream> ConnectAsync(string text, IPEndPoint? target = null)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(target ?? server.EndPoint, Cancellation);
        NetworkStream stream = new(socket, ownsSocket: true);
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(text), Cancellation);
        }
        catch (Exception error) when (error is IOException or SocketException) { }
        return stream;
    }

    /// <summary>Asks and says no more; the server may have had enough before.</summary>
    private static async Task<string> AskAsync(NetworkStream client, byte[] request)
    {
        try
        {
            await client.WriteAsync(request, Cancellation);
            client.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is IOException or SocketException) { }
        return await ReadAsync(client);
    }

    /// <summary>All that comes until the server closes; a reset is an end, too.</summary>
    private static async Task<string> ReadAsync(NetworkStream client)
    {
        MemoryStream got = new();
        try
        {
            await client.CopyToAsync(got, Cancellation);
        }
        catch (IOException error) when (error.InnerException is SocketException) { }
        return Encoding.Latin1.GetString(got.ToArray());
    }

    /// <summary>A good client is served, as soon as the server has seen that the others are gone.</summary>
    private async Task ServedAsync()
    {
        while (true)
        {
            await using NetworkStream client = await ConnectAsync($"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            string answer = await ReadAsync(client);
            if (answer.Length > 0)
            {
                Assert.EndsWith(Encoding.Latin1.GetString(content), answer, StringComparison.Ordinal);
                return;
            }
            Assert.Contains(refused, reason => reason.Contains("connections", StringComparison.Ordinal));
        }
    }
}
