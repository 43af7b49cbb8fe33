using System.Net;
using Rootcast.Contract;
using Rootcast.Server.Content;
using Rootcast.Server.Http;
using Rootcast.Server.Site;

namespace Rootcast.Server;

/// <summary>Serves a store's images to machines that boot over a network: <c>rootcast serve</c>.</summary>
public sealed class BootServer : IAsyncDisposable
{
    private const string HealthPath = "/healthz";
    private const string MetricsPath = "/metrics";

    private readonly BootServerOptions options;
    private readonly BootSite site;
    private readonly ServerCounters counters = new();
    private ArtefactServer? http;

    private BootServer(BootServerOptions options)
    {
        this.options = options;
        site = new BootSite(options.Store, options.Site);
    }

    /// <summary>Where HTTP listens, with the port that it got.</summary>
    public IPEndPoint Http => http!.EndPoint;

    /// <summary>Starts everything.</summary>
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
                    Answered = server.Answered,
                    Address = options.Http.Address,
                    Port = options.Http.Port,
                },
                cancellation
            );
            return server;
        }
        catch (Exception error)
        {
            await server.DisposeAsync();
            if (error is IOException or System.Net.Sockets.SocketException)
            {
                throw new UserError(
                    $"HTTP cannot listen on {options.Http}: {error.Message}",
                    "Choose another address or port by --http ADDRESS:PORT; ports below 1024 need root or CAP_NET_BIND_SERVICE.",
                    cause: error
                );
            }
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (http is not null)
        {
            await http.StopAsync();
            await http.DisposeAsync();
        }
    }

    private ServedContent? Find(ContentRequest request) =>
        request.Path switch
        {
            "/" => Overview(request.Authority),
            HealthPath => Health(),
            MetricsPath => ServedContent.OfText(counters.Text()) with { ContentType = "text/plain; version=0.0.4; charset=utf-8" },
            _ => site.Find(request),
        };

    /// <summary>For people who look with a browser.</summary>
    private ServedContent Overview(string authority)
    {
        IEnumerable<string> images = site.Images()
            .Select(image =>
                $"  {image.Manifest.Name}: {string.Join(", ", image.Manifest.Artefacts.Select(artefact => Names.Of(artefact.Form)))}\n"
            );
        return ServedContent.OfText(
            $"Rootcast serves these images, the first to machines that ask for none:\n{string.Concat(images)}\n"
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

    private void Answered(AnsweredRequest answered)
    {
        counters.Add("rootcast_http_requests_total", label: $"status=\"{answered.Status}\"");
        counters.Add("rootcast_http_sent_bytes_total", answered.Bytes);
        if (answered.Status >= 400)
        {
            options.Log.Refuse(
                new ServerEvent("http", answered.Client.ToString(), $"{answered.Method} {answered.Target}: {answered.Status}")
            );
        }
        else if (answered.Target is not (HealthPath or MetricsPath))
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
