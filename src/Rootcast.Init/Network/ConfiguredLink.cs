using Rootcast.Linux.Network;

namespace Rootcast.Init.Network;

/// <summary>A link that is up and has its address.</summary>
/// <param name="Link">Which link.</param>
/// <param name="Configuration">What it was set to.</param>
public sealed record ConfiguredLink(NetworkLink Link, LinkConfiguration Configuration)
{
    /// <summary>What <c>/run/rootcast/network</c> says.</summary>
    public string Facts => Configuration.Facts(Link);
}
