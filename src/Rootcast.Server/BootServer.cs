using System.Net;
using System.Net.Sockets;
using Rootcast.Contract;
using Rootcast.Images.Loaders;
using Rootcast.Server.Api;
using Rootcast.Server.Content;
using Rootcast.Server.Dashboard;
using Rootcast.Server.Http;
using Rootcast.Server.Ipxe;
using Rootcast.Server.Nodes;
using Rootcast.Server.ProxyDhcp;
using Rootcast.Server.Site;
using Rootcast.Server.Tftp;

namespace Rootcast.Server;

/// <summary>Serves a store's images to machines that boot over a network: <c>rootcast serve</c>.</summary>
public sealed class BootServer : IAsyncDisposable
{
    private const string HealthPath = "/healthz";
    private const string MetricsPath = "/metrics";

    private readonly BootServerOptions options;
    private readonly BootSite site;
    private readonly ServerCounters counters = new();
    private readonly NodeRegistry? nodes;
    private readonly NodeSite? nodeSite;
    private readonly NodeService? service;
    private readonly OperatorSignIn? operators;
    private readonly DashboardFeed? feed;
    private readonly DashboardSite? dashboard;
    private ArtefactServer? http;
    private TftpServer? tftp;
    private DhcpServer? dhcp;

    private BootServer(BootServerOptions options)
    {
        this.options = options;
        site = new BootSite(options.Store, options.Site);
        if (options.State is { } state)
        {
            nodes = new NodeRegistry(state, options.Nodes, TimeProvider.System, options.Log, options.Store.Keep);
            nodeSite = new NodeSite(site, nodes);
            operators = OperatorSignIn.Of(state, TimeProvider.System);
            NodeApi api = new(nodes, nodeSite, operators);
            service = new NodeService(nodes, api, options.Log);
            StormMeter storm = new(() => http, options.Downloads);
            feed = new DashboardFeed(nodes, api, storm.Measure, options.Dashboard, options.Nodes.MustBeApproved, options.Log);
            dashboard = new DashboardSite(feed, operators, options.Dashboard);
        }
    }

    /// <summary>Where HTTP listens, with the port that it got.</summary>
    public IPEndPoint Http => http!.EndPoint;

    /// <summary>Where HTTPS listens, with the port that it got; null when it does not.</summary>
    public IPEndPoint? Https => http!.SecureEndPoint;

    /// <summary>Where TFTP takes requests, with the ports that it got; empty when it does not.</summary>
    public IReadOnlyList<IPEndPoint> Tftp => tftp?.EndPoints ?? [];

    /// <summary>Starts everything. What only lacks a privilege is left out, which the log says.</summary>
    /// <exception cref="UserError">An address or port is not to be had.</exception>
    public static async Task<BootServer> StartAsync(BootServerOptions options, CancellationToken cancellation)
    {
        BootServer server = new(options);
        try
        {
            server.http = await ArtefactServer.StartAsync(
                new ArtefactServerOptions
                {
                    FindBlob = server.site.FindBlob,
                    Find = server.Find,
                    IsDownload = server.site.IsArtefact,
                    MostDownloads = options.Downloads,
                    Answered = server.Answered,
                    Refused = server.Refused,
                    ReceiveLimit = NodeService.Limit,
                    Receive = server.service is { } service ? service.Answer : null,
                    Pages = server.dashboard is { } dashboard ? dashboard.AnswerAsync : null,
                    Address = options.Http.Address,
                    Port = options.Http.Port,
                    Https = options.Https,
                    Certificate = options.Certificate,
                },
                cancellation
            );
            if (options.Tftp.Count > 0)
            {
                server.tftp = server.StartTftp();
            }
            if (options.Dhcp.Count > 0)
            {
                server.dhcp = server.StartDhcp();
            }
            return server;
        }
        catch (Exception error)
        {
            await server.DisposeAsync();
            if (error is IOException or SocketException)
            {
                throw new UserError(
                    $"HTTP cannot listen on {options.Http}{(options.Https is { } https ? $" and {https}" : "")}: {error.Message}",
                    "Choose another address or port by --http and --https ADDRESS:PORT; ports below 1024 need root or CAP_NET_BIND_SERVICE.",
                    cause: error
                );
            }
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Whoever is told of this server should find it: the other way round.
        if (dhcp is not null)
        {
            await dhcp.DisposeAsync();
        }
        if (tftp is not null)
        {
            await tftp.DisposeAsync();
        }
        // What browsers hear has no end of its own.
        if (feed is not null)
        {
            await feed.DisposeAsync();
        }
        if (http is not null)
        {
            await http.StopAsync();
            await http.DisposeAsync();
        }
        operators?.Dispose();
        nodes?.Dispose();
    }

    private ServedContent? Find(ContentRequest request) =>
        request.Path switch
        {
            "/" => Overview(request.Authority),
            HealthPath => Health(),
            MetricsPath => ServedContent.OfText(Metrics()) with { ContentType = "text/plain; version=0.0.4; charset=utf-8" },
            _ => FindFile(request),
        };

    /// <summary>What machines boot, and nothing for people.</summary>
    private ServedContent? FindFile(ContentRequest request) =>
        BootPaths.ReadEfiProgram(request.Path) is { } address
            ? FindFile(
                request with
                {
                    Path = BootPaths.EfiProgram,
                    Query = new Dictionary<string, string>(request.Query, StringComparer.Ordinal) { ["mac"] = address },
                }
            )
        : BlobPath.Hex(request.Path) is { } hex
            ? site.FindBlob(hex) is { } file ? ServedContent.OfBlob(file, hex)
                : null
        : options.Ipxe.Find(request.Path) ?? nodeSite?.Find(request) ?? site.Find(request);

    private TftpServer? StartTftp()
    {
        int port = options.Tftp[0].Port;
        try
        {
            return TftpServer.Start(
                new TftpServerOptions
                {
                    EndPoints = options.Tftp,
                    Find = FindFile,
                    HttpPort = Http.Port,
                    HttpsPort = Https?.Port,
                    Log = options.Log,
                    Counters = counters,
                }
            );
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AccessDenied)
        {
            options.Log.Say(new ServerEvent("tftp", "-", $"not served: port {port} {Privileges.Hint}"));
            return null;
        }
        catch (SocketException error)
        {
            throw new UserError(
                $"TFTP cannot listen on UDP port {port}: {error.Message}",
                "End the other TFTP server of this host, or leave this one out by --no-tftp.",
                cause: error
            );
        }
    }

    private DhcpServer? StartDhcp()
    {
        string[] programs = [.. IpxePrograms.Names.Where(options.Ipxe.Has)];
        if (programs.Length == 0)
        {
            options.Log.Say(
                new ServerEvent(
                    "dhcp",
                    "-",
                    "no iPXE is here for firmware to load: install the package ipxe (rootcast setup), then start again"
                )
            );
        }
        try
        {
            return DhcpServer.Start(
                options.Dhcp,
                one => new ServerPlace(one.Address, Http.Port, programs, tftp is not null, File.Exists(UkiImage.StubPath)),
                options.Addresses,
                options.Log,
                counters,
                (address, reason) => nodes?.Offered(address, reason)
            );
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AccessDenied)
        {
            options.Log.Say(new ServerEvent("dhcp", "-", $"not answered: port {DhcpDecision.ServerPort} {Privileges.Hint}"));
            return null;
        }
        catch (SocketException error)
        {
            throw new UserError(
                $"DHCP cannot listen on UDP ports {DhcpDecision.ServerPort} and {DhcpDecision.BootServerPort}: {error.Message}",
                "A DHCP server of this host has them: let it name the boot file itself (docs/netboot.md), and leave this one out by --no-dhcp.",
                cause: error
            );
        }
    }

    private string Metrics()
    {
        (int running, int waiting) = http!.Downloads;
        return $"{counters.Text()}# TYPE rootcast_downloads gauge\nrootcast_downloads{{state=\"running\"}} {running}\n"
            + $"rootcast_downloads{{state=\"waiting\"}} {waiting}\n";
    }

    /// <summary>For people who look with a browser.</summary>
    private ServedContent Overview(string authority)
    {
        IEnumerable<string> images = site.Images()
            .Select(image =>
                $"  {image.Manifest.Name}: {string.Join(", ", image.Manifest.Artefacts.Select(artefact => Names.Of(artefact.Form)))}\n"
            );
        return ServedContent.OfText(
            $"Rootcast serves these images, the first to machines that ask for none:\n{string.Concat(images)}\n"
                + (dashboard is null ? "" : $"nodes:          http://{authority}{DashboardSite.Path}\n")
                + $"iPXE:           chain http://{authority}{BootPaths.Script}\n"
                + $"another image:  chain http://{authority}{BootPaths.Script}?image=NAME&form=FORM&carrier=http|initrd\n"
        );
    }

    private ServedContent Health()
    {
        try
        {
            return ServedContent.OfText($"ok, {site.Images().Count} images\n");
        }
        catch (UserError error)
        {
            return ServedContent.OfText(error.Message + "\n", status: 503);
        }
    }

    private void Refused(IPAddress client, string reason)
    {
        counters.Add("rootcast_http_refused_total");
        options.Log.Refuse(new ServerEvent("http", client.ToString(), reason));
    }

    /// <summary>Whether somebody only looks at what this server knows: browsers do it all the time.</summary>
    private static bool IsLooking(AnsweredRequest answered) =>
        answered.Target is HealthPath or MetricsPath
        || (
            answered.Method == "GET"
            && (answered.Target.StartsWith(DashboardOptions.Path, StringComparison.Ordinal) || NodeApi.IsPath(answered.Target))
        );

    private void Answered(AnsweredRequest answered)
    {
        counters.Add("rootcast_http_requests_total", label: $"status=\"{answered.Status}\"");
        counters.Add("rootcast_http_sent_bytes_total", answered.Bytes);
        if (answered.Status == 503 && answered.Target.StartsWith(BlobPath.Prefix, StringComparison.Ordinal))
        {
            // No refusal: it waits for its turn, and comes again.
            return;
        }
        service?.Answered(answered);
        if (answered.Status >= 400)
        {
            options.Log.Refuse(
                new ServerEvent("http", answered.Client.ToString(), $"{answered.Method} {answered.Target}: {answered.Status}")
            );
        }
        else if (!IsLooking(answered))
        {
            options.Log.Say(
                new ServerEvent(
                    "http",
                    answered.Client.ToString(),
                    FormattableString.Invariant(
                        $"{answered.Method} {answered.Target}: {answered.Status}, {answered.Bytes} bytes in {answered.Time.TotalSeconds:0.000} s"
                    )
                )
            );
        }
    }
}
