using System.Net;
using System.Net.Sockets;

namespace Rootcast.Tests;

/// <summary>One address before several servers: each connection goes to the next that takes it, as a balancer does.</summary>
internal sealed class Front : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly IPEndPoint[] servers;
    private readonly Task accepting;
    private int turn;

    public Front(params IPEndPoint[] servers)
    {
        this.servers = servers;
        listener.Start();
        accepting = AcceptAsync();
    }

    public EndPoint EndPoint => listener.LocalEndpoint;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting;
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> relays = [];
        try
        {
            while (true)
            {
                relays.Add(RelayAsync(await listener.AcceptTcpClientAsync(stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using TcpClient server = await ConnectAsync();
                Task there = client.GetStream().CopyToAsync(server.GetStream(), stop.Token);
                Task back = server.GetStream().CopyToAsync(client.GetStream(), stop.Token);
                await Task.WhenAny(there, back);
                client.Close();
                server.Close();
                await Task.WhenAll(there, back);
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One side is gone: so is the connection.
            }
        }
    }

    private async Task<TcpClient> ConnectAsync()
    {
        for (int i = 0; ; i++)
        {
            TcpClient server = new();
            try
            {
                await server.ConnectAsync(servers[Interlocked.Increment(ref turn) % servers.Length], stop.Token);
                return server;
            }
            catch (SocketException) when (i < servers.Length)
            {
                server.Dispose();
            }
        }
    }
}
