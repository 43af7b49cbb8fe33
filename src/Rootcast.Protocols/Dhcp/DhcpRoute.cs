using System.Net;

namespace Rootcast.Protocols.Dhcp;

/// <summary>A classless route of option 121 (RFC 3442).</summary>
/// <param name="Destination">The network; 0.0.0.0 with length 0 is the default route.</param>
/// <param name="PrefixLength">0 to 32.</param>
/// <param name="Router">0.0.0.0 when the network is on the link itself.</param>
public readonly record struct DhcpRoute(IPAddress Destination, int PrefixLength, IPAddress Router);
