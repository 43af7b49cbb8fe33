using System.Net;
using Rootcast.Images.Store;
using Rootcast.Server;
using Rootcast.Server.Api;
using Rootcast.Server.Dashboard;
using Rootcast.Server.Nodes;
using Rootcast.Server.State;

namespace Rootcast.Tests;

/// <summary>A server with a dashboard on a loopback port, with one image and a state of its own, and who asks it.</summary>
internal sealed class ServedDashboard : IAsyncDisposable
{
    /// <summary>What a machine asks before it boots.</summary>
    public const string Question = "/boot.ipxe?mac=52:54:00:00:00:01&uuid=5c41d7ce-0b0d-4a5d-9c5f-7e0e9a3b1c2d";

    private BootServer server = null!;

    private ServedDashboard()
    {
        Store = ImageStore.Open(Folder.File("store"));
        Store.Publish(StoreSample.Put(Store));
        State = StateDatabase.Open(Folder.File("state"));
        Token = new NodeTokens(State).MakeFirst()!;
    }

    public TemporaryDirectory Folder { get; } = new();

    /// <summary>With the image "try".</summary>
    public ImageStore Store { get; }

    public StateDatabase State { get; }

    /// <summary>The token that the state was made with.</summary>
    public string Token { get; }

    /// <summary>Asks the server, and keeps no cookies.</summary>
    public HttpClient Machine { get; } = new(new HttpClientHandler { UseCookies = false });

    /// <summary>Where the server is.</summary>
    public IPEndPoint Address => server.Http;

    public static async Task<ServedDashboard> MakeAsync()
    {
        ServedDashboard site = new();
        await site.StartAsync(new DashboardOptions());
        return site;
    }

    /// <summary>Starts the server, on the port that it had before.</summary>
    public async Task StartAsync(DashboardOptions options, NodeOptions? nodes = null)
    {
        server = await BootServer.StartAsync(
            new BootServerOptions
            {
                Store = Store,
                State = State,
                Nodes = nodes ?? new NodeOptions(),
                Dashboard = options,
                Http = new IPEndPoint(IPAddress.Loopback, Machine.BaseAddress?.Port ?? 0),
                Log = new ServerLog(_ => { }),
            },
            TestContext.Current.CancellationToken
        );
        Machine.BaseAddress ??= new Uri($"http://{server.Http}");
    }

    public ValueTask StopAsync() => server.DisposeAsync();

    public async Task RestartAsync(DashboardOptions options, NodeOptions? nodes = null)
    {
        await StopAsync();
        await StartAsync(options, nodes);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        State.Dispose();
        Machine.Dispose();
        Folder.Dispose();
    }
}
