using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Init.Network;
using Rootcast.Protocols.Http;

namespace Rootcast.Tests;

/// <summary>Fetches over real loopback connections from servers that fail.</summary>
public class HttpFetchTests
{
    private static readonly byte[] Content = RandomContent();
    private static readonly ServerBehaviour Good = new();

    private static readonly HttpFetchLimits Limits = new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(20),
        // Long enough for a busy machine; the test of a stall has its own.
        ReadTimeout = TimeSpan.FromSeconds(20),
        AttemptsWithoutProgress = 4,
        FirstPause = TimeSpan.FromMilliseconds(1),
        LongestPause = TimeSpan.FromMilliseconds(4),
        LongestRetryAfter = TimeSpan.FromMilliseconds(20),
    };

    private readonly List<string> said = [];

    [Fact]
    public void AGoodServerIsAskedOnce()
    {
        using FaultyServer server = new(Content, Good);
        Assert.Equal(Content, Fetch(server));
        Assert.Single(server.Requests);
        Assert.StartsWith("GET /root.squashfs HTTP/1.1\r\nHost: 127.0.0.1:", server.Requests[0], StringComparison.Ordinal);
        Assert.Empty(said);
    }

    [Fact]
    public void FiveCutsAreMendedWithRanges()
    {
        ServerBehaviour cut = new() { CutAfter = 20_000 };
        using FaultyServer server = new(Content, cut, cut, cut, cut, cut, Good);
        Assert.Equal(Content, Fetch(server));
        Assert.Equal(6, server.Requests.Count);
        Assert.Contains("\r\nRange: bytes=100000-\r\nIf-Range: \"one\"\r\n", server.Requests[5], StringComparison.Ordinal);
        Assert.Equal(5, said.Count);
    }

    [Fact]
    public void AttemptsThatBringBytesDoNotCount()
    {
        using FaultyServer server = new(Content, new ServerBehaviour { CutAfter = 5_000 });
        Assert.Equal(Content, Fetch(server));
        Assert.Equal(Content.Length / 5_000, server.Requests.Count);
    }

    [Fact]
    public void AStallIsABreak()
    {
        using FaultyServer server = new(Content, new ServerBehaviour { StallAfter = 70_000 }, Good);
        Assert.Equal(Content, Fetch(server.Url, limits: Limits with { ReadTimeout = TimeSpan.FromMilliseconds(300) }));
        Assert.Contains(said, line => line.Contains("Connection timed out (errno 110)", StringComparison.Ordinal));
        Assert.Contains(server.Requests, request => request.Contains("Range: bytes=", StringComparison.Ordinal));
    }

    [Fact]
    public void AServerWithoutRangesIsReadOver()
    {
        ServerBehaviour cut = new() { CutAfter = 90_000, IgnoresRange = true };
        using FaultyServer server = new(Content, cut, cut with { CutAfter = 120_000 }, Good with { IgnoresRange = true });
        Assert.Equal(Content, Fetch(server));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public void AServerWithoutRangesThatNeverGetsFurtherIsGivenUp()
    {
        using FaultyServer server = new(Content, new ServerBehaviour { CutAfter = 90_000, IgnoresRange = true });
        UserError error = Assert.Throws<UserError>(() => Fetch(server));
        Assert.Contains("after 90000 of 200000 bytes; 4 attempts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AWrongRangeMakesItAskForTheWhole()
    {
        ServerBehaviour lying = new() { RangeShift = 1, CutAfter = 50_000 };
        using FaultyServer server = new(Content, lying, lying, Good);
        Assert.Equal(Content, Fetch(server));
        Assert.DoesNotContain("Range:", server.Requests[2], StringComparison.Ordinal);
    }

    [Fact]
    public void ChunksAndUnknownLengthsAreFetchedToo()
    {
        using FaultyServer chunked = new(Content, Good with { IsChunked = true, CutAfter = 60_001 }, Good with { IsChunked = true });
        Assert.Equal(Content, Fetch(chunked));
        using FaultyServer unknown = new(
            Content,
            Good with
            {
                TellsNoLength = true,
                CutAfter = 60_001,
            },
            Good with
            {
                TellsNoLength = true,
            }
        );
        Assert.Equal(Content, Fetch(unknown));
    }

    [Fact]
    public void AFlippedBitIsFoundAtTheEnd()
    {
        using FaultyServer server = new(Content, new ServerBehaviour { FlipAt = 123_456 });
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Fetch(server));
        Assert.Contains("its digest is sha256:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PartsOfTwoArtefactsAreFoundAtTheEnd()
    {
        using FaultyServer server = new(Content, new ServerBehaviour { CutAfter = 50_000 }, new ServerBehaviour { FlipAt = 60_000 });
        Assert.Throws<InvalidDataException>(() => Fetch(server));
    }

    [Theory]
    [InlineData(404, "the server answers 404 Told", "still has this artefact")]
    [InlineData(403, "the server answers 403 Told", "permission")]
    [InlineData(204, "the server answers 204 Told", "server's log")]
    public void WhatWillNotGetBetterFailsAtOnce(int status, string message, string hint)
    {
        using FaultyServer server = new(Content, new ServerBehaviour { Status = status });
        UserError error = Assert.Throws<UserError>(() => Fetch(server));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(server.Url, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void AMissingArtefactIsMissingAfterABreakToo()
    {
        using FaultyServer server = new(Content, new ServerBehaviour { CutAfter = 5 }, new ServerBehaviour { Status = 404 });
        Assert.Contains("404", Assert.Throws<UserError>(() => Fetch(server)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(199_999)]
    [InlineData(200_001)]
    public void AnotherLengthThanThePlansFailsAtOnce(int told)
    {
        using FaultyServer server = new(Content, new ServerBehaviour { ToldLength = told });
        UserError error = Assert.Throws<UserError>(() => Fetch(server));
        Assert.Contains($"has {told} bytes, the boot plan says 200000", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void AnArtefactThatIsOneByteShortNeverEnds()
    {
        using FaultyServer server = new(Content[..^1], Good with { TellsNoLength = true });
        Assert.Throws<UserError>(() => Fetch(server));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(429)]
    public void ABusyServerIsAskedAgain(int status)
    {
        ServerBehaviour busy = new() { Status = status };
        using FaultyServer server = new(Content, busy, busy, Good);
        Assert.Equal(Content, Fetch(server));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public void RetryAfterCountsUpToItsBound()
    {
        using FaultyServer server = new(Content, new ServerBehaviour { Status = 503, Header = "Retry-After: 100000" }, Good);
        Assert.Equal(Content, Fetch(server));
        Assert.Equal("waits for its turn, 0 s so far: the server answers 503 Told", said.Single());
    }

    /// <summary>A storm: many answers that others come first are no failure, and are said now and then.</summary>
    [Fact]
    public void ItWaitsForItsTurnLongerThanForAServerThatFails()
    {
        ServerBehaviour busy = new() { Status = 503, Header = "Retry-After: 1" };
        using FaultyServer server = new(Content, [.. Enumerable.Repeat(busy, 20), Good]);
        Assert.Equal(Content, Fetch(server));
        Assert.Equal(21, server.Requests.Count);
        Assert.Single(said);
    }

    [Fact]
    public void ATurnThatNeverComesIsGivenUp()
    {
        using FaultyServer server = new(Content, new ServerBehaviour { Status = 503, Header = "Retry-After: 1" });
        HttpFetchLimits limits = Limits with { LongestTurn = TimeSpan.FromMilliseconds(100) };
        UserError error = Assert.Throws<UserError>(() => Fetch(server.Url, limits: limits));
        Assert.Contains("the server answers 503 Told for 0 minutes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADeadServerIsGivenUp()
    {
        using FaultyServer server = new(Content, new ServerBehaviour { HangsUp = true });
        UserError error = Assert.Throws<UserError>(() => Fetch(server));
        Assert.Contains("closed the connection without an answer; 4 attempts", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public void NobodyListeningIsGivenUp()
    {
        int port;
        using (TcpListener free = new(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }
        UserError error = Assert.Throws<UserError>(() => Fetch($"http://127.0.0.1:{port}/x"));
        Assert.Contains("connect to tcp 127.0.0.1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SomethingElseThanHttpIsGivenUp()
    {
        using FaultyServer server = new(Content, new ServerBehaviour { Header = "not a header" });
        Assert.Contains("a line that is no header", Assert.Throws<UserError>(() => Fetch(server)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ContentThatIsEncodedIsRefused()
    {
        using FaultyServer server = new(Content, new ServerBehaviour { Header = "Content-Encoding: gzip" });
        Assert.Contains("Content-Encoding gzip", Assert.Throws<UserError>(() => Fetch(server)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RedirectsAreFollowed()
    {
        using FaultyServer target = new(Content, Good);
        using FaultyServer server = new(
            Content,
            new ServerBehaviour { Status = 302, Location = "/other" },
            new ServerBehaviour { Status = 307, Location = target.Url }
        );
        Assert.Equal(Content, Fetch(server));
        Assert.StartsWith("GET /other ", server.Requests[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/again", "once more, after 5 times", 6)]
    [InlineData("https://127.0.0.1/x", "to https://127.0.0.1/x, which is not http", 1)]
    [InlineData("ftp://x/", "to nowhere", 1)]
    public void NotEveryRedirectIsFollowed(string location, string reason, int requests)
    {
        using FaultyServer server = new(Content, new ServerBehaviour { Status = 301, Location = location });
        UserError error = Assert.Throws<UserError>(() => Fetch(server));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(requests, server.Requests.Count);
    }

    [Fact]
    public void EveryAddressOfAHostIsTried()
    {
        using FaultyServer server = new(Content, Good);
        // Nobody listens on the first: 127.0.0.2 is this machine too, but the server listens on 127.0.0.1 alone.
        byte[] fetched = Fetch(
            $"http://boot.example:{server.Port}/x",
            host => host == "boot.example" ? [IPAddress.Parse("127.0.0.2"), IPAddress.Loopback] : []
        );
        Assert.Equal(Content, fetched);
        Assert.Contains("connect to tcp 127.0.0.2", said.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void ANameThatCannotBeLookedUpNowIsTriedAgain()
    {
        using FaultyServer server = new(Content, Good);
        int calls = 0;
        byte[] fetched = Fetch(
            $"http://boot.example:{server.Port}/x",
            _ => ++calls < 3 ? throw new IOException("no DNS server answers") : [IPAddress.Loopback]
        );
        Assert.Equal(Content, fetched);
    }

    private static byte[] RandomContent()
    {
        byte[] content = new byte[200_000];
        new Random(7).NextBytes(content);
        return content;
    }

    private byte[] Fetch(FaultyServer server) => Fetch(server.Url);

    private byte[] Fetch(string url, Func<string, IReadOnlyList<IPAddress>>? resolve = null, HttpFetchLimits? limits = null)
    {
        Assert.True(HttpUrl.TryParse(url, out HttpUrl? parsed));
        ArtefactIdentity identity = new($"sha256:{Convert.ToHexStringLower(SHA256.HashData(Content))}", Content.Length, 0);
        HttpFetch fetch = new(parsed!, Content.Length, resolve ?? (host => [Ipv4Text.Parse(host)!]), said.Add, limits ?? Limits);
        using VerifyingStream stream = new(fetch, url, Content.Length, identity);
        fetch.Begin();
        using MemoryStream copy = new();
        stream.CopyTo(copy, 7_777);
        return copy.ToArray();
    }
}
