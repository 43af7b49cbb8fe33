using System.Net;
using Rootcast.Images.Store;
using Rootcast.Server.Dashboard;
using Rootcast.Server.Interfaces;
using Rootcast.Server.Ipxe;
using Rootcast.Server.Nodes;
using Rootcast.Server.ProxyDhcp;
using Rootcast.Server.Site;
using Rootcast.Server.State;
using Rootcast.Server.Tls;

namespace Rootcast.Server;

/// <summary>What a <see cref="BootServer"/> serves, where and how.</summary>
public sealed record BootServerOptions
{
    /// <summary>The store.</summary>
    public required ImageStore Store { get; init; }

    /// <summary>What machines get of it.</summary>
    public BootSiteOptions Site { get; init; } = new();

    /// <summary>Where what is known of nodes is kept; null when nodes are all the same. The caller disposes of it.</summary>
    public StateDatabase? State { get; init; }

    /// <summary>How nodes are treated.</summary>
    public NodeOptions Nodes { get; init; } = new();

    /// <summary>What people see of it.</summary>
    public DashboardOptions Dashboard { get; init; } = new();

    /// <summary>Where HTTP listens; port 0 takes any free one.</summary>
    public required IPEndPoint Http { get; init; }

    /// <summary>Where HTTPS listens beside it; null for nowhere.</summary>
    public IPEndPoint? Https { get; init; }

    /// <summary>What HTTPS shows; must be there when <see cref="Https"/> is.</summary>
    public IServerCertificate? Certificate { get; init; }

    /// <summary>Kernels, initrds and artefacts that are sent at the same time; the other machines wait for their turn.</summary>
    public int Downloads { get; init; } = 16;

    /// <summary>Where TFTP takes requests; empty for nowhere.</summary>
    public IReadOnlyList<IPEndPoint> Tftp { get; init; } = [];

    /// <summary>On which networks DHCP is answered; empty for none.</summary>
    public IReadOnlyList<ServedInterface> Dhcp { get; init; } = [];

    /// <summary>Addresses that are given to machines, on the only interface of <see cref="Dhcp"/>; null beside another DHCP server.</summary>
    public AddressRange? Addresses { get; init; }

    /// <summary>iPXE's programs.</summary>
    public IpxePrograms Ipxe { get; init; } = new();

    /// <summary>Where it says what it does.</summary>
    public required ServerLog Log { get; init; }
}
