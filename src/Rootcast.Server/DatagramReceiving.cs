using System.Net;
using System.Net.Sockets;

namespace Rootcast.Server;

/// <summary>Takes what a UDP socket receives, one datagram after the other, until it is told to stop.</summary>
/// <param name="part">Who speaks in the log.</param>
/// <param name="name">What the log calls the socket when nobody knows whose datagram failed.</param>
/// <param name="log">Where failures are said; none of them ends the receiving.</param>
internal sealed class DatagramReceiving(string part, string name, ServerLog log)
{
    /// <summary>IPv4's longest datagram without its heads.</summary>
    private const int LongestDatagram = 65_507;

    /// <summary>Machines that are switched on together ask in one moment, and what finds no place asks again after four seconds and more. The system gives no more than
    /// net.core.rmem_max.</summary>
    private const int StormBytes = 4 << 20;

    /// <summary>Takes a datagram.</summary>
    /// <param name="bytes">Good until it returns.</param>
    /// <param name="source">Who sent it, or says that he did.</param>
    /// <param name="asked">To which address of this host.</param>
    internal delegate void Take(ReadOnlySpan<byte> bytes, IPEndPoint source, IPAddress asked);

    /// <summary>Receives until the token says stop.</summary>
    public async Task RunAsync(Socket socket, Take take, CancellationToken stop)
    {
        socket.ReceiveBufferSize = StormBytes;
        byte[] buffer = new byte[LongestDatagram];
        EndPoint anywhere = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                SocketReceiveMessageFromResult got = await socket.ReceiveMessageFromAsync(buffer, SocketFlags.None, anywhere, stop);
                IPAddress asked = got.PacketInformation.Address;
                if (asked.IsIPv6LinkLocal)
                {
                    asked.ScopeId = got.PacketInformation.Interface;
                }
                take(buffer.AsSpan(0, got.ReceivedBytes), (IPEndPoint)got.RemoteEndPoint, asked);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException error)
            {
                // Of one datagram, or the network is down for now; the socket stays good.
                log.Refuse(new ServerEvent(part, name, error.Message));
            }
        }
    }
}
