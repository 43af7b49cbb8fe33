using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Rootcast.Contract;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Store;
using Rootcast.Server;
using Rootcast.Server.Tls;

namespace Rootcast.Tests;

/// <summary>HTTPS on a loopback port, with certificates that are made and kept.</summary>
public sealed class ServerCertificateTests : IDisposable
{
    private static readonly string[] Names = ["127.0.0.1", "boot.example"];
    private readonly TemporaryDirectory folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("boot.example", true)]
    [InlineData("127.0.0.2", false)]
    [InlineData("other.example", false)]
    public async Task WhoHasTheAuthorityTrustsItsNamesOnly(string name, bool trusted)
    {
        using OwnCertificate own = OwnCertificate.Open(folder.Path, Names, TimeProvider.System);
        await using BootServer server = await StartAsync(own);
        if (trusted)
        {
            Assert.Equal(server.Https!.Port, await HandshakeAsync(server, name, own.Authority));
        }
        else
        {
            await Assert.ThrowsAsync<System.Security.Authentication.AuthenticationException>(() =>
                HandshakeAsync(server, name, own.Authority)
            );
        }
    }

    [Fact]
    public void WhatWasMadeIsKeptAndNobodyElseCanReadIt()
    {
        using OwnCertificate first = OwnCertificate.Open(folder.Path, Names, TimeProvider.System);
        using OwnCertificate second = OwnCertificate.Open(folder.Path, Names, TimeProvider.System);
        Assert.Equal(first.Authority, second.Authority);
        Assert.Equal(Serial(first), Serial(second));
        Assert.All(
            Directory.GetFiles(folder.Path),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file))
        );
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void OtherNamesTakeAnotherCertificateOfTheSameAuthority()
    {
        using OwnCertificate first = OwnCertificate.Open(folder.Path, Names, TimeProvider.System);
        using OwnCertificate second = OwnCertificate.Open(folder.Path, [.. Names, "10.0.0.1"], TimeProvider.System);
        Assert.Equal(first.Authority, second.Authority);
        Assert.NotEqual(Serial(first), Serial(second));
    }

    [Fact]
    public void ACertificateIsRenewedWhileItIsServed()
    {
        SteppingClock clock = new();
        using OwnCertificate own = OwnCertificate.Open(folder.Path, Names, clock);
        string before = Serial(own);
        clock.Now += TimeSpan.FromDays(50);
        Assert.Equal(before, Serial(own));
        clock.Now += TimeSpan.FromDays(30);
        Assert.NotEqual(before, Serial(own));
    }

    [Fact]
    public void ADamagedCertificateIsMadeAnewAndADamagedAuthorityIsNot()
    {
        OwnCertificate.Open(folder.Path, Names, TimeProvider.System).Dispose();
        File.WriteAllText(folder.File(OwnCertificate.CertificateFile), "damaged");
        OwnCertificate.Open(folder.Path, Names, TimeProvider.System).Dispose();
        File.WriteAllText(folder.File(OwnCertificate.AuthorityFile), "damaged");
        UserError error = Assert.Throws<UserError>(() => OwnCertificate.Open(folder.Path, Names, TimeProvider.System));
        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheOperatorsCertificateIsServedAndTakenAnewWhenItIsReplaced()
    {
        string file = folder.File("mine.pem");
        List<string> said = [];
        using OwnCertificate one = OwnCertificate.Open(folder.File("one"), Names, TimeProvider.System);
        using OwnCertificate other = OwnCertificate.Open(folder.File("other"), Names, TimeProvider.System);
        Replace("one", 1);
        OperatorCertificate certificate = new(file, file, said.Add);
        await using BootServer server = await StartAsync(certificate);
        await HandshakeAsync(server, "boot.example", one.Authority);
        await File.WriteAllTextAsync(file, "half", Cancellation);
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddYears(40));
        await HandshakeAsync(server, "boot.example", one.Authority);
        Assert.Single(said);
        Replace("other", 2);
        await HandshakeAsync(server, "boot.example", other.Authority);

        void Replace(string by, int year)
        {
            File.Copy(folder.File(Path.Combine(by, OwnCertificate.CertificateFile)), file, overwrite: true);
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddYears(year));
        }
    }

    [Fact]
    public void AnOperatorsCertificateThatIsNoneIsSaid()
    {
        File.WriteAllText(folder.File("x.pem"), "nothing");
        Assert.Throws<UserError>(() => new OperatorCertificate(folder.File("x.pem"), folder.File("x.pem"), _ => { }));
        Assert.Throws<UserError>(() => new OperatorCertificate(folder.File("none.pem"), folder.File("x.pem"), _ => { }));
    }

    /// <summary>Firmware and iPXE know no authority of ours; init does, when its initramfs has one.</summary>
    [Fact]
    public async Task OnlyAnImageWithAnAuthorityGetsItsArtefactByHttps()
    {
        using OwnCertificate own = OwnCertificate.Open(folder.Path, Names, TimeProvider.System);
        ImageStore store = ImageStore.Open(folder.File("store"));
        InitramfsReasons reasons = new();
        reasons.Add(new InitramfsReason(InitramfsPaths.Authority, "recipe", null));
        store.Publish(StoreSample.Put(store));
        store.Publish(StoreSample.Put(store, "trusting") with { InitramfsReasons = store.Put(reasons.ToBytes()) });
        await using BootServer server = await StartAsync(own, store);
        using HttpClient client = new() { BaseAddress = new Uri($"http://{server.Http}") };
        string plain = await client.GetStringAsync("/boot.ipxe?image=try", Cancellation);
        string trusting = await client.GetStringAsync("/boot.ipxe?image=trusting", Cancellation);
        Assert.Contains($"rootcast.url=http://{server.Http}/blobs/", plain, StringComparison.Ordinal);
        Assert.Contains($"rootcast.url=https://{server.Https}/blobs/", trusting, StringComparison.Ordinal);
        Assert.Contains($"initrd --name initrd.img http://{server.Http}/blobs/", trusting, StringComparison.Ordinal);
    }

    private static string Serial(OwnCertificate certificate) => certificate.Current().TargetCertificate.SerialNumber;

    private Task<BootServer> StartAsync(IServerCertificate certificate, ImageStore? store = null) =>
        BootServer.StartAsync(
            new BootServerOptions
            {
                Store = store ?? ImageStore.Open(folder.File("store")),
                Http = new IPEndPoint(IPAddress.Loopback, 0),
                Https = new IPEndPoint(IPAddress.Loopback, 0),
                Certificate = certificate,
                Log = new ServerLog(_ => { }),
            },
            Cancellation
        );

    /// <summary>Connects as a client that trusts one authority, asks, and gives back the port that answered.</summary>
    private static async Task<int> HandshakeAsync(BootServer server, string name, string authority)
    {
        using TcpClient connection = new();
        await connection.ConnectAsync(server.Https!, Cancellation);
        await using SslStream stream = new(connection.GetStream());
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509Certificate2.CreateFromPem(authority) },
        };
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = name, CertificateChainPolicy = policy },
            Cancellation
        );
        await stream.WriteAsync("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray(), Cancellation);
        using StreamReader reader = new(stream);
        Assert.StartsWith("HTTP/1.1 200 ", await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
        return ((IPEndPoint)connection.Client.RemoteEndPoint!).Port;
    }

    private sealed class SteppingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
