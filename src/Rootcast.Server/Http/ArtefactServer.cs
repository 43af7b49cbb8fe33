using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rootcast.Server.Tls;

namespace Rootcast.Server.Http;

/// <summary>
/// Serves a store's blobs by HTTP/1.1 at <c>/blobs/sha256/HEX</c>, and at other paths what <see cref="ArtefactServerOptions.Find"/> has there: GET and
/// HEAD, one Range, If-Range, strong ETags. A blob never changes, so every answer may be cached for ever. Nothing is redirected.
/// </summary>
public sealed class ArtefactServer : IAsyncDisposable
{
    private const int LongestRequestLine = 4096;
    private const int LongestHead = 16_384;
    private const int MostHeaders = 64;

    /// <summary>Bytes a second: a thousand machines on 100 Mbit/s still get three times as many each.</summary>
    private const double SlowestReader = 4096;

    private static readonly TimeSpan ReaderGrace = TimeSpan.FromSeconds(10);

    private readonly IHost host;
    private readonly ConcurrentDictionary<string, long> sent;
    private readonly ContentAnswer answers;

    private ArtefactServer(
        IHost host,
        ConcurrentDictionary<string, long> sent,
        IPEndPoint endPoint,
        IPEndPoint? secureEndPoint,
        ContentAnswer answers
    )
    {
        this.host = host;
        this.sent = sent;
        EndPoint = endPoint;
        SecureEndPoint = secureEndPoint;
        this.answers = answers;
    }

    /// <summary>Downloads that run, and machines that wait for their turn.</summary>
    public (int Running, int Waiting) Downloads => answers.Downloads;

    /// <summary>Bytes of content given to connections so far.</summary>
    public long Sent => answers.Sent;

    /// <summary>Where it listens, with the port that it got.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Where it listens for HTTPS; null when it does not.</summary>
    public IPEndPoint? SecureEndPoint { get; }

    /// <summary>Starts to listen. Throws <see cref="IOException"/> when address or port are not to be had.</summary>
    public static async Task<ArtefactServer> StartAsync(ArtefactServerOptions options, CancellationToken cancellation = default)
    {
        ConnectionGuard guard = new(options.MostConnections, options.IdleTimeout, options.Refused ?? ((_, _) => { }));
        ConcurrentDictionary<string, long> counts = new(StringComparer.Ordinal);
        ContentAnswer answer = new(options, guard, (path, bytes) => counts.AddOrUpdate(path, bytes, (_, before) => before + bytes));
        // Kestrel and nothing around it: routing, authentication and configuration of a whole application are a twentieth of the installed program.
        IHost built = new HostBuilder()
            .ConfigureWebHost(web =>
                web.UseKestrelCore().ConfigureKestrel(Configure).Configure(application => application.Run(answer.WriteAsync))
            )
            .ConfigureServices(services =>
            {
                // Ctrl-C and SIGTERM belong to the program that runs the server, not to the server.
                services.AddSingleton<IHostLifetime, OwnersLifetime>();
                services.Configure<HostOptions>(stopping => stopping.ShutdownTimeout = options.StopTimeout);
                // A buffer goes to the socket on the thread that has read it: a fifth less processor time at four clients. What blocks is reading a file, and that is on
                // a thread of the pool either way.
                services.Configure<SocketTransportOptions>(transport => transport.UnsafePreferInlineScheduling = true);
            })
            .Build();
        built.Services.GetRequiredService<DiagnosticListener>().Subscribe(guard, ConnectionGuard.IsHeard);
        try
        {
            await built.StartAsync(cancellation);
            int[] ports =
            [
                .. built
                    .Services.GetRequiredService<IServer>()
                    .Features.Get<IServerAddressesFeature>()!
                    .Addresses.Select(address => new Uri(address).Port),
            ];
            answer.SecurePort = options.Https is null ? null : ports[1];
            return new ArtefactServer(
                built,
                counts,
                new IPEndPoint(options.Address, ports[0]),
                options.Https is { } place ? new IPEndPoint(place.Address, ports[1]) : null,
                answer
            );
        }
        catch
        {
            built.Dispose();
            throw;
        }

        void Configure(KestrelServerOptions kestrel)
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxRequestLineSize = LongestRequestLine;
            kestrel.Limits.MaxRequestHeadersTotalSize = LongestHead;
            kestrel.Limits.MaxRequestHeaderCount = MostHeaders;
            kestrel.Limits.RequestHeadersTimeout = options.HeadTimeout;
            kestrel.Limits.KeepAliveTimeout = options.IdleTimeout;
            kestrel.Limits.MinResponseDataRate = new MinDataRate(SlowestReader, ReaderGrace);
            // Backpressure begins where a client is a whole buffer behind, not at Kestrel's 64 KiB.
            kestrel.Limits.MaxResponseBufferSize = options.BufferBytes;
            kestrel.Listen(options.Address, options.Port, listen => Plain(listen));
            if (options.Https is { } secure)
            {
                IServerCertificate certificate = options.Certificate!;
                kestrel.Listen(
                    secure,
                    listen =>
                    {
                        Plain(listen);
                        listen.Use(next => connection => guard.RunAroundTlsAsync(connection, next));
                        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(TermsOf(certificate)) });
                        listen.Use(next => connection => ConnectionGuard.RunInTlsAsync(connection, next));
                    }
                );
            }

            void Plain(ListenOptions listen)
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection => guard.RunAsync(connection, next));
            }
        }
    }

    /// <summary>The URL of a blob, as a client that reaches the server under <paramref name="host"/> writes it.</summary>
    /// <param name="digest"><c>sha256:HEX</c>.</param>
    /// <param name="host">Name or address without a port; null for the address that it listens on.</param>
    public string UrlOf(string digest, string? host = null) =>
        $"http://{(host is null ? EndPoint.ToString() : $"{host}:{EndPoint.Port}")}{BlobPath.Of(digest)}";

    /// <summary>Bytes of a blob's content that have been given to connections so far, over all requests. What a client that broke off did not
    /// take any more may be counted up to the size of a buffer.</summary>
    /// <param name="digest"><c>sha256:HEX</c>.</param>
    public long BytesSent(string digest) => sent.GetValueOrDefault(BlobPath.Of(digest));

    /// <summary>Bytes of content given to connections so far, by path.</summary>
    public IReadOnlyDictionary<string, long> BytesSentByPath => new Dictionary<string, long>(sent, StringComparer.Ordinal);

    /// <summary>Takes no more requests, and lets those under way end within <see cref="ArtefactServerOptions.StopTimeout"/>.</summary>
    public Task StopAsync(CancellationToken cancellation = default) => host.StopAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ((IAsyncDisposable)host).DisposeAsync();

    private static SslServerAuthenticationOptions TermsOf(IServerCertificate certificate) =>
        new()
        {
            ServerCertificateContext = certificate.Current(),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
        };

    private sealed class OwnersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
