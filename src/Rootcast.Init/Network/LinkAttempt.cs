using System.Net;
using Rootcast.Linux;
using Rootcast.Linux.Network;
using Rootcast.Protocols.Dhcp;
using Rootcast.Protocols.Ip;

namespace Rootcast.Init.Network;

/// <summary>One link on its way to an address.</summary>
public sealed class LinkAttempt : IDisposable
{
    private static readonly byte[] EveryoneOnLink = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
    private readonly byte[] buffer = new byte[2048];
    private DhcpExchange? exchange;

    /// <summary>A link that has been found.</summary>
    public LinkAttempt(NetworkLink link) => Link = link;

    /// <summary>As it was last seen.</summary>
    public NetworkLink Link { get; set; }

    /// <summary>What went wrong with it last; null when nothing did.</summary>
    public string? Failure { get; set; }

    /// <summary>Its packets, once it has a carrier.</summary>
    public PacketSocket? Socket { get; private set; }

    /// <summary>When <see cref="Send"/> is to be called; null while nothing can be sent.</summary>
    public TimeSpan? Due => Link.HasCarrier ? exchange?.Due : null;

    /// <summary>Begins to ask, once there is a carrier.</summary>
    public void Begin(TimeSpan now)
    {
        if (exchange is null && Link.HasCarrier)
        {
            Socket = PacketSocket.Open(Link);
            exchange = new DhcpExchange(Link.HardwareAddress, Random.Shared, now);
        }
    }

    /// <summary>Sends what is due.</summary>
    public void Send(TimeSpan now)
    {
        byte[] packet = UdpPacketWriter.Write(
            new IPEndPoint(IPAddress.Any, DhcpExchange.ClientPort),
            new IPEndPoint(IPAddress.Broadcast, DhcpExchange.ServerPort),
            DhcpWriter.Write(exchange!.Next(now))
        );
        try
        {
            Socket!.Send(packet, EveryoneOnLink);
            Failure = null;
        }
        catch (LinuxException error)
        {
            // The link went down, or its queue is full: the next repetition may do better.
            Failure = error.Message;
        }
    }

    /// <summary>Takes the packets that are there.</summary>
    /// <returns>The DHCPACK when the lease is ours.</returns>
    public DhcpMessage? Receive(TimeSpan now)
    {
        while (Socket?.Receive(buffer) is { } length and >= 0)
        {
            if (UdpPacketReader.TryRead(buffer.AsSpan(0, length), out UdpPacket udp) && udp.Destination.Port == DhcpExchange.ClientPort)
            {
                try
                {
                    if (exchange!.Take(DhcpReader.Read(udp.Payload), now) is { } acknowledged)
                    {
                        return acknowledged;
                    }
                }
                catch (InvalidDataException error)
                {
                    Failure = $"from {udp.Source.Address}: {error.Message}";
                }
            }
        }
        return null;
    }

    /// <summary>A line for people: what the link is, and how far it came.</summary>
    public override string ToString()
    {
        string state = Link.HasCarrier ? "carrier" : $"no carrier (state {Link.State})";
        string asked = exchange is null
            ? ""
            : $", {exchange.Discovers} discovers and {exchange.Requests} requests sent, {exchange.LastHeard ?? "no answer"}";
        return $"{Link.Name} ({Link.Driver ?? "no device"}, {Link.HardwareAddressText}): {state}{asked}{(Failure is null ? "" : $"; {Failure}")}";
    }

    /// <inheritdoc/>
    public void Dispose() => Socket?.Dispose();
}
