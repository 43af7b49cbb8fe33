using System.Net;
using System.Security.Cryptography;
using System.Text;
using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Protocols.Http;
using Rootcast.Server.Http;
using Rootcast.Server.Tls;

namespace Rootcast.Tests;

/// <summary>Init's fetch from the server's HTTPS over loopback: Mbed TLS on the one side, .NET's on the other.</summary>
public sealed class HttpsFetchTests : IAsyncLifetime
{
    private readonly TemporaryDirectory folder = new();
    private readonly byte[] content = RandomNumberGenerator.GetBytes(1_500_001);
    private OwnCertificate certificate = null!;
    private ArtefactServer server = null!;
    private string digest = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        string hex = Convert.ToHexStringLower(SHA256.HashData(content));
        digest = $"sha256:{hex}";
        Directory.CreateDirectory(folder.File("blobs"));
        await File.WriteAllBytesAsync(Path.Combine(folder.File("blobs"), hex), content, Cancellation);
        certificate = OwnCertificate.Open(folder.File("tls"), ["127.0.0.1", "boot.example"], TimeProvider.System);
        server = await StartAsync(certificate);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        certificate.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("boot.example")]
    public void AServerOfTheAuthorityIsFetchedFrom(string host) => Assert.Equal(content, Fetch(host, certificate.Authority));

    [Theory]
    [InlineData("127.0.0.2", "not for 127.0.0.2")]
    [InlineData("other.example", "not for other.example")]
    public void AServerWithAnotherNameIsNotTrusted(string host, string reason)
    {
        UserError error = Assert.Throws<UserError>(() => Fetch(host, certificate.Authority));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    /// <summary>A man in the middle who has made a certificate for the server's own name.</summary>
    [Fact]
    public void AnotherAuthoritysServerIsNotTrusted()
    {
        using OwnCertificate other = OwnCertificate.Open(folder.File("other"), ["127.0.0.1"], TimeProvider.System);
        UserError error = Assert.Throws<UserError>(() => Fetch("127.0.0.1", other.Authority));
        Assert.Contains("of none of the authorities", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACertificateThatHasEndedIsNotTrusted()
    {
        using OwnCertificate old = OwnCertificate.Open(
            folder.File("old"),
            ["127.0.0.1"],
            new FixedClock(DateTimeOffset.UtcNow.AddDays(-100))
        );
        await server.DisposeAsync();
        server = await StartAsync(old);
        UserError error = Assert.Throws<UserError>(() => Fetch("127.0.0.1", old.Authority));
        Assert.Contains("has ended (this machine's clock says ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatDoesNotSpeakTlsIsGivenUp()
    {
        using FaultyServer plain = new(content, new ServerBehaviour());
        UserError error = Assert.Throws<UserError>(() => Fetch("127.0.0.1", certificate.Authority, plain.Port));
        Assert.Contains("attempts one after another brought nothing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AuthoritiesThatCannotBeReadAreSaid()
    {
        UserError error = Assert.Throws<UserError>(() => Fetch("127.0.0.1", "nonsense"));
        Assert.Contains("authorities cannot be read", error.Message, StringComparison.Ordinal);
    }

    private byte[] Fetch(string host, string authority, int? port = null)
    {
        Assert.True(HttpUrl.TryParse($"https://{host}:{port ?? server.SecureEndPoint!.Port}{BlobPath.Of(digest)}", out HttpUrl? url));
        HttpFetchLimits limits = new()
        {
            Authorities = Encoding.ASCII.GetBytes(authority),
            AttemptsWithoutProgress = 2,
            FirstPause = TimeSpan.FromMilliseconds(1),
            ReadTimeout = TimeSpan.FromSeconds(20),
        };
        using HttpFetch fetch = new(url!, content.Length, _ => [IPAddress.Loopback], _ => { }, limits);
        fetch.Begin();
        using MemoryStream copy = new();
        fetch.CopyTo(copy, 77_777);
        return copy.ToArray();
    }

    private Task<ArtefactServer> StartAsync(OwnCertificate shown) =>
        ArtefactServer.StartAsync(
            new ArtefactServerOptions
            {
                FindBlob = ArtefactServerOptions.BlobFolder(folder.File("blobs")),
                Https = new IPEndPoint(IPAddress.Loopback, 0),
                Certificate = shown,
            },
            Cancellation
        );

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
