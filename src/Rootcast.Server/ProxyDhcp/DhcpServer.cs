using System.Net;
using System.Net.Sockets;
using System.Text;
using Rootcast.Protocols.Dhcp;
using Rootcast.Server.Interfaces;

namespace Rootcast.Server.ProxyDhcp;

/// <summary>The sockets of the rules, a pair for each interface: broadcasts have to come from, and go to, one network.</summary>
public sealed class DhcpServer : IAsyncDisposable
{
    private const int LevelSocket = 1; // SOL_SOCKET
    private const int BindToDevice = 25; // SO_BINDTODEVICE

    private readonly ServerLog log;
    private readonly ServerCounters counters;
    private readonly Action<string, string> answered;
    private readonly List<Socket> sockets = [];
    private readonly List<Task> receiving = [];
    private readonly CancellationTokenSource stop = new();

    private DhcpServer(ServerLog log, ServerCounters counters, Action<string, string> answered)
    {
        this.answered = answered;
        this.log = log;
        this.counters = counters;
    }

    /// <summary>Starts to answer. Throws <see cref="SocketException"/> when a port is not to be had.</summary>
    /// <param name="interfaces">On which networks.</param>
    /// <param name="placeOf">What the server is on each.</param>
    /// <param name="range">Addresses to give, on the only interface; null beside another DHCP server.</param>
    /// <param name="log">Where decisions are said.</param>
    /// <param name="counters">Where they are counted.</param>
    /// <param name="answered">Told of each answer: the machine's hardware address, and the reason.</param>
    public static DhcpServer Start(
        IReadOnlyList<ServedInterface> interfaces,
        Func<ServedInterface, ServerPlace> placeOf,
        AddressRange? range,
        ServerLog log,
        ServerCounters counters,
        Action<string, string> answered
    )
    {
        DhcpServer server = new(log, counters, answered);
        try
        {
            List<(Socket Socket, ServedInterface Interface, Func<DhcpMessage, DhcpDecision> Decide)> opened = [];
            foreach (ServedInterface one in interfaces)
            {
                ServerPlace place = placeOf(one);
                DhcpRules? own = range is { } addresses ? new DhcpRules(new AddressPool(addresses, [one.Address]), one.PrefixLength) : null;
                opened.Add(
                    (
                        server.Open(one, DhcpDecision.ServerPort),
                        one,
                        message => own?.Take(message, place, DateTimeOffset.UtcNow) ?? ProxyDhcpRules.Discovered(message, place)
                    )
                );
                opened.Add((server.Open(one, DhcpDecision.BootServerPort), one, message => ProxyDhcpRules.Requested(message, place)));
            }
            foreach ((Socket socket, ServedInterface one, Func<DhcpMessage, DhcpDecision> decide) in opened)
            {
                server.receiving.Add(server.ReceiveAsync(socket, one, decide));
            }
            return server;
        }
        catch
        {
            server.sockets.ForEach(socket => socket.Dispose());
            server.stop.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (stop.IsCancellationRequested)
        {
            return;
        }
        await stop.CancelAsync();
        await Task.WhenAll(receiving);
        sockets.ForEach(socket => socket.Dispose());
        stop.Dispose();
    }

    private Socket Open(ServedInterface one, int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sockets.Add(socket);
        socket.SetRawSocketOption(LevelSocket, BindToDevice, Encoding.ASCII.GetBytes(one.Name + "\0"));
        socket.EnableBroadcast = true;
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    }

    private Task ReceiveAsync(Socket socket, ServedInterface one, Func<DhcpMessage, DhcpDecision> decide) =>
        new DatagramReceiving("dhcp", one.Name, log).RunAsync(
            socket,
            (bytes, source, _) => Take(socket, bytes, source, one, decide),
            stop.Token
        );

    private void Take(
        Socket socket,
        ReadOnlySpan<byte> packet,
        IPEndPoint source,
        ServedInterface one,
        Func<DhcpMessage, DhcpDecision> decide
    )
    {
        DhcpMessage message;
        try
        {
            message = DhcpReader.Read(packet);
        }
        catch (InvalidDataException error)
        {
            counters.Add("rootcast_dhcp_messages_total", label: "answer=\"malformed\"");
            log.Refuse(new ServerEvent("dhcp", source.Address.ToString(), $"on {one.Name}: ignored: {error.Message}"));
            return;
        }
        DhcpDecision decision = decide(message);
        counters.Add("rootcast_dhcp_messages_total", label: decision.Reply is null ? "answer=\"ignored\"" : "answer=\"answered\"");
        ServerEvent happened = new("dhcp", NetworkClient.Of(message).HardwareAddress, $"on {one.Name}: {decision.Reason}");
        if (decision.Reply is null)
        {
            log.Refuse(happened);
            return;
        }
        socket.SendTo(DhcpWriter.Write(decision.Reply), decision.Target ?? source);
        log.Say(happened);
        answered(happened.Client, decision.Reason);
    }
}
