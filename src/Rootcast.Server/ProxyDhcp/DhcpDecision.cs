using System.Net;
using Rootcast.Protocols.Dhcp;

namespace Rootcast.Server.ProxyDhcp;

/// <summary>What is done about a message.</summary>
/// <param name="Reply">The answer; null when there is none.</param>
/// <param name="Target">Where it goes; null for where the message came from.</param>
/// <param name="Reason">Why, in words that the log shows.</param>
public sealed record DhcpDecision(DhcpMessage? Reply, IPEndPoint? Target, string Reason)
{
    /// <summary>UDP port of DHCP servers.</summary>
    public const int ServerPort = 67;

    /// <summary>UDP port of DHCP clients.</summary>
    public const int ClientPort = 68;

    /// <summary>UDP port of PXE's boot servers.</summary>
    public const int BootServerPort = 4011;

    /// <summary>No answer.</summary>
    public static DhcpDecision Ignore(string reason) => new(null, null, "ignored: " + reason);
}
