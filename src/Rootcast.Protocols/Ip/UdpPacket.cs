using System.Net;

namespace Rootcast.Protocols.Ip;

/// <summary>An IPv4 packet that carries UDP.</summary>
/// <param name="source">Who sent it.</param>
/// <param name="destination">To whom.</param>
/// <param name="payload">What it carries; lies in the packet's own bytes.</param>
public readonly ref struct UdpPacket(IPEndPoint source, IPEndPoint destination, ReadOnlySpan<byte> payload)
{
    /// <summary>Who sent it.</summary>
    public IPEndPoint Source { get; } = source;

    /// <summary>To whom.</summary>
    public IPEndPoint Destination { get; } = destination;

    /// <summary>What it carries; lies in the packet's own bytes.</summary>
    public ReadOnlySpan<byte> Payload { get; } = payload;
}
