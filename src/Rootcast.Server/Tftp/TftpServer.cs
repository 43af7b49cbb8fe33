using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Rootcast.Contract;
using Rootcast.Protocols.Tftp;
using Rootcast.Server.Content;

namespace Rootcast.Server.Tftp;

/// <summary>
/// Sends files by TFTP; nobody can write. A path is looked up among what is published and is never the name of a file here. Each transfer has a socket
/// of its own, bound to the address that was asked.
/// </summary>
public sealed class TftpServer : IAsyncDisposable
{
    private readonly TftpServerOptions options;
    private readonly List<Socket> sockets = [];
    private readonly List<Task> receiving = [];
    private readonly ConcurrentDictionary<EndPoint, Task> transfers = new();
    private readonly CancellationTokenSource stop = new();

    private TftpServer(TftpServerOptions options) => this.options = options;

    /// <summary>Where requests are taken, with the ports that it got.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. sockets.Select(socket => (IPEndPoint)socket.LocalEndPoint!)];

    /// <summary>Starts to take requests. Throws <see cref="SocketException"/> when an address or port is not to be had.</summary>
    public static TftpServer Start(TftpServerOptions options)
    {
        TftpServer server = new(options);
        try
        {
            foreach (IPEndPoint place in options.EndPoints)
            {
                Socket socket = Open(place);
                server.sockets.Add(socket);
                socket.SetSocketOption(
                    place.AddressFamily == AddressFamily.InterNetworkV6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP,
                    SocketOptionName.PacketInformation,
                    true
                );
            }
        }
        catch
        {
            server.sockets.ForEach(socket => socket.Dispose());
            server.stop.Dispose();
            throw;
        }
        server.receiving.AddRange(server.sockets.Select(server.ReceiveAsync));
        return server;
    }

    /// <summary>A socket of one family at an address.</summary>
    internal static Socket Open(IPEndPoint place)
    {
        Socket socket = new(place.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (place.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }
            socket.Bind(place);
            return socket;
        }
        catch
        {
            socket.Dispose();
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
        await Task.WhenAll(transfers.Values);
        sockets.ForEach(socket => socket.Dispose());
        stop.Dispose();
    }

    private Task ReceiveAsync(Socket socket) =>
        new DatagramReceiving("tftp", "?", options.Log).RunAsync(
            socket,
            (bytes, client, asked) => Take(socket, bytes, client, asked),
            stop.Token
        );

    private void Take(Socket socket, ReadOnlySpan<byte> packet, IPEndPoint client, IPAddress asked)
    {
        TftpPacket read;
        try
        {
            read = TftpReader.Read(packet);
        }
        catch (InvalidDataException error)
        {
            // No answer: nobody speaks TFTP there.
            Refuse(client, error.Message);
            return;
        }
        if (read is not TftpRequest request)
        {
            Refuse(client, $"'{TftpDump.Text(read)}' is no request");
            return;
        }
        (ServedContent? content, TftpError? refusal) = Find(request, asked);
        if (content is null)
        {
            Refuse(client, $"{TftpDump.Text(request)}: {refusal!.Text}");
            Send(socket, TftpWriter.Write(refusal), client);
            return;
        }
        if (transfers.ContainsKey(client))
        {
            // The request once more, because our answer is late or was lost; the transfer sends again by itself.
            return;
        }
        int most = TransfersOf(client.Address) >= options.MostTransfersOfOne ? options.MostTransfersOfOne : options.MostTransfers;
        if (transfers.Count >= most)
        {
            Refuse(client, $"{most} transfers are under way");
            Send(socket, TftpWriter.Write(new TftpError(TftpErrorCode.Other, "busy, ask again")), client);
            return;
        }
        TaskCompletionSource registered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        transfers[client] = TransferAsync(content, request, client, asked, registered.Task);
        registered.SetResult();
    }

    private int TransfersOf(IPAddress client)
    {
        int count = 0;
        foreach ((EndPoint other, _) in transfers)
        {
            count += ((IPEndPoint)other).Address.Equals(client) ? 1 : 0;
        }
        return count;
    }

    private (ServedContent? Content, TftpError? Error) Find(TftpRequest request, IPAddress asked)
    {
        if (request.IsWrite)
        {
            return (null, new TftpError(TftpErrorCode.AccessViolation, "nothing can be written here"));
        }
        if (!string.Equals(request.Mode, "octet", StringComparison.OrdinalIgnoreCase))
        {
            return (null, new TftpError(TftpErrorCode.Other, "only mode octet (binary) is served"));
        }
        try
        {
            ContentRequest wanted = new()
            {
                Path = ContentRequest.Clean(request.File),
                Authority = new IPEndPoint(asked, options.HttpPort).ToString(),
                SecureAuthority = options.HttpsPort is { } port ? new IPEndPoint(asked, port).ToString() : null,
            };
            return options.Find(wanted) is { Status: 200 } content
                ? (content, null)
                : (null, new TftpError(TftpErrorCode.NotFound, "there is no such file"));
        }
        catch (UserError error)
        {
            return (null, new TftpError(TftpErrorCode.NotFound, error.Message));
        }
    }

    private async Task TransferAsync(ServedContent content, TftpRequest request, IPEndPoint client, IPAddress asked, Task registered)
    {
        await registered;
        try
        {
            using TftpSending sending = new(content, request, client, asked, options);
            await sending.RunAsync(stop.Token);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            options.Counters.Add("rootcast_tftp_transfers_total", label: "result=\"failed\"");
            options.Log.Say(new ServerEvent("tftp", client.Address.ToString(), $"{request.File}: {error.Message}"));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
        finally
        {
            transfers.TryRemove(client, out _);
        }
    }

    private void Refuse(IPEndPoint client, string reason)
    {
        options.Counters.Add("rootcast_tftp_refused_total");
        options.Log.Refuse(new ServerEvent("tftp", client.Address.ToString(), $"refused: {reason}"));
    }

    private void Send(Socket socket, byte[] packet, IPEndPoint client)
    {
        try
        {
            socket.SendTo(packet, client);
        }
        catch (SocketException error)
        {
            Refuse(client, error.Message);
        }
    }
}
