using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using Rootcast.Server.Http;

namespace Rootcast.Tests;

/// <summary>The server on a loopback port, asked by .NET's own client.</summary>
public sealed class ArtefactServerTests : IAsyncLifetime
{
    private readonly TemporaryDirectory folder = new();
    private readonly HttpClient client = new();
    private readonly byte[] content = RandomNumberGenerator.GetBytes(1_500_001);
    private ArtefactServer server = null!;
    private string digest = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        string hex = Convert.ToHexStringLower(SHA256.HashData(content));
        digest = $"sha256:{hex}";
        await File.WriteAllBytesAsync(folder.File(hex), content, Cancellation);
        server = await ArtefactServer.StartAsync(
            new ArtefactServerOptions { FindBlob = ArtefactServerOptions.BlobFolder(folder.Path) },
            Cancellation
        );
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        client.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task ABlobComesWholeWithItsTagAndIsCounted()
    {
        using HttpResponseMessage response = await client.GetAsync(server.UrlOf(digest), Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"\"{digest["sha256:".Length..]}\"", response.Headers.ETag!.Tag);
        Assert.False(response.Headers.ETag.IsWeak);
        Assert.Contains("immutable", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal(content.Length, response.Content.Headers.ContentLength);
        Assert.Equal(content, await response.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(content.Length, server.BytesSent(digest));
        Assert.Equal(content.Length, server.BytesSentByPath[BlobPath.Of(digest)]);
    }

    [Fact]
    public async Task APartComesWithItsPlace()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, server.UrlOf(digest));
        request.Headers.Range = new RangeHeaderValue(1_000_000, 1_400_000);
        request.Headers.IfRange = new RangeConditionHeaderValue($"\"{digest["sha256:".Length..]}\"");
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal("bytes 1000000-1400000/1500001", response.Content.Headers.ContentRange!.ToString());
        Assert.Equal(content[1_000_000..1_400_001], await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task ARangeOfAnotherContentGivesTheWhole()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, server.UrlOf(digest));
        request.Headers.Range = new RangeHeaderValue(5, null);
        request.Headers.IfRange = new RangeConditionHeaderValue("\"another\"");
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(content, await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task ARangeBehindTheEndIsRefusedWithTheLength()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, server.UrlOf(digest));
        request.Headers.Range = new RangeHeaderValue(content.Length, null);
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Equal($"bytes */{content.Length}", response.Content.Headers.ContentRange!.ToString());
    }

    [Fact]
    public async Task HeadTellsTheLengthAndSendsNothing()
    {
        using HttpRequestMessage request = new(HttpMethod.Head, server.UrlOf(digest));
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);
        Assert.Equal(content.Length, response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(0, server.BytesSent(digest));
    }

    [Fact]
    public async Task WhatTheClientHasIsNotSentAgain()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, server.UrlOf(digest));
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{digest["sha256:".Length..]}\""));
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
    }

    [Fact]
    public async Task DoubledSlashesAreAnsweredWithoutARedirect()
    {
        string head = await AskAsync($"HEAD //blobs//sha256/{digest["sha256:".Length..]} HTTP/1.1");
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /blobs/sha256/0000000000000000000000000000000000000000000000000000000000000000 HTTP/1.1", "404")]
    [InlineData("GET / HTTP/1.1", "404")]
    [InlineData("GET /blobs/sha256/../../etc/passwd HTTP/1.1", "404")]
    [InlineData("GET /blobs/sha256/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1", "404")]
    [InlineData("POST /blobs/sha256/x HTTP/1.1", "405")]
    [InlineData("NONSENSE", "400")]
    public async Task WhatIsNoBlobIsRefused(string request, string status) =>
        Assert.StartsWith($"HTTP/1.1 {status} ", await AskAsync(request), StringComparison.Ordinal);

    [Fact]
    public async Task AClientThatBreaksOffDoesNotDisturbOthers()
    {
        using (TcpClient rude = new())
        {
            await rude.ConnectAsync(server.EndPoint, Cancellation);
            await rude.GetStream().WriteAsync(Request($"GET {BlobPath.Of(digest)} HTTP/1.1"), Cancellation);
            await rude.GetStream().ReadExactlyAsync(new byte[1000], Cancellation);
            rude.Client.LingerState = new LingerOption(enable: true, 0);
        }
        Assert.Equal(content, await client.GetByteArrayAsync(server.UrlOf(digest), Cancellation));
    }

    [Fact]
    public async Task APortThatIsTakenIsAnIOException() =>
        await Assert.ThrowsAnyAsync<IOException>(() =>
            ArtefactServer.StartAsync(new ArtefactServerOptions { FindBlob = _ => null, Port = server.EndPoint.Port }, Cancellation)
        );

    [Fact]
    public async Task StoppedItTakesNoMoreRequests()
    {
        await server.StopAsync(Cancellation);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync(server.UrlOf(digest), Cancellation));
    }

    private static byte[] Request(string line) => System.Text.Encoding.ASCII.GetBytes($"{line}\r\nHost: x\r\nConnection: close\r\n\r\n");

    private async Task<string> AskAsync(string line)
    {
        using TcpClient connection = new();
        await connection.ConnectAsync(server.EndPoint, Cancellation);
        await connection.GetStream().WriteAsync(Request(line), Cancellation);
        using StreamReader reader = new(connection.GetStream());
        return await reader.ReadToEndAsync(Cancellation);
    }
}
