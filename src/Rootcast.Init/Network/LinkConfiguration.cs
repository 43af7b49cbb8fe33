using System.Globalization;
using System.Net;
using System.Text;
using Rootcast.Linux;
using Rootcast.Linux.Network;
using Rootcast.Protocols.Dhcp;

namespace Rootcast.Init.Network;

/// <summary>What a link is set to, from DHCP or from <c>ip=</c>.</summary>
public sealed record LinkConfiguration
{
    /// <summary>The link's IPv4 address.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>0 to 32.</summary>
    public required int PrefixLength { get; init; }

    /// <summary>Routes beside the one to its own network; 0.0.0.0 as router says that a network is on the link itself.</summary>
    public IReadOnlyList<DhcpRoute> Routes { get; init; } = [];

    /// <summary>The best first.</summary>
    public IReadOnlyList<IPAddress> NameServers { get; init; } = [];

    /// <summary>Where names without a dot are looked up.</summary>
    public string? Domain { get; init; }

    /// <summary>The machine's name.</summary>
    public string? HostName { get; init; }

    /// <summary>Largest packet in bytes; null leaves it.</summary>
    public int? Mtu { get; init; }

    /// <summary>Who gave the address; null when it is static.</summary>
    public IPAddress? DhcpServer { get; init; }

    /// <summary>For how long.</summary>
    public uint? LeaseSeconds { get; init; }

    /// <summary>What a DHCPACK says; what <c>ip=</c> says beside it wins, as in the kernel.</summary>
    public static LinkConfiguration Of(DhcpMessage acknowledged, IpArgument ip)
    {
        IReadOnlyList<DhcpRoute> routes = acknowledged.ClasslessRoutes;
        if (routes.Count == 0 && acknowledged.Routers is [var router, ..])
        {
            routes = [Default(router)];
        }
        return new LinkConfiguration
        {
            Address = acknowledged.YourAddress,
            PrefixLength = acknowledged.PrefixLength ?? Ipv4Text.ClassPrefixLength(acknowledged.YourAddress),
            Routes = ip.Gateway is { } gateway ? [Default(gateway)] : routes,
            NameServers = ip.NameServers.Count > 0 ? ip.NameServers : acknowledged.NameServers,
            Domain = acknowledged.DomainName,
            HostName = ip.HostName ?? acknowledged.HostName,
            Mtu = acknowledged.Mtu,
            DhcpServer = acknowledged.ServerIdentifier,
            LeaseSeconds = acknowledged.LeaseSeconds,
        };
    }

    /// <summary>What a static <c>ip=</c> says.</summary>
    public static LinkConfiguration Of(IpArgument ip) =>
        new()
        {
            Address = ip.Address!,
            PrefixLength = ip.PrefixLength,
            Routes = ip.Gateway is { } gateway ? [Default(gateway)] : [],
            NameServers = ip.NameServers,
            HostName = ip.HostName,
        };

    /// <summary>Sets the link to it. Only the address must succeed: an MTU or a route that the kernel refuses is told of, and the boot goes
    /// on without, since it may not need it.</summary>
    public void Apply(RouteSocket kernel, NetworkLink link, Action<string> say)
    {
        if (Mtu is { } mtu)
        {
            Try(() => kernel.SetMtu(link, mtu), say);
        }
        kernel.AddAddress(link, Address, PrefixLength);
        // Networks on the link first: a router may be in one of them.
        foreach (DhcpRoute route in Routes)
        {
            if (route.Router.Equals(IPAddress.Any))
            {
                Try(() => kernel.AddRoute(link, route.Destination, route.PrefixLength, null), say);
            }
        }
        foreach (DhcpRoute route in Routes)
        {
            if (!route.Router.Equals(IPAddress.Any))
            {
                // Clouds give /32 addresses with a router outside.
                bool isOnLink = !Ipv4Text.IsSameNetwork(Address, route.Router, PrefixLength);
                Try(() => kernel.AddRoute(link, route.Destination, route.PrefixLength, route.Router, isOnLink), say);
            }
        }
    }

    /// <summary>The facts as <c>/run/rootcast/network</c> keeps them: a <c>key=value</c> line each, lists with spaces.</summary>
    public string Facts(NetworkLink link)
    {
        StringBuilder text = new();
        Line("interface", link.Name);
        Line("hardware-address", link.HardwareAddressText);
        Line("address", $"{Address}/{PrefixLength}");
        foreach (DhcpRoute route in Routes)
        {
            Line("route", $"{route.Destination}/{route.PrefixLength} {route.Router}");
        }
        Line("nameservers", string.Join(' ', NameServers));
        Line("domain", Domain);
        Line("hostname", HostName);
        Line("mtu", Mtu?.ToString(CultureInfo.InvariantCulture));
        Line("dhcp-server", DhcpServer?.ToString());
        Line("lease-seconds", LeaseSeconds?.ToString(CultureInfo.InvariantCulture));
        return text.ToString();

        void Line(string key, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                text.Append(key).Append('=').Append(value).Append('\n');
            }
        }
    }

    private static void Try(Action setting, Action<string> say)
    {
        try
        {
            setting();
        }
        catch (LinuxException error)
        {
            say(error.Message);
        }
    }

    private static DhcpRoute Default(IPAddress router) => new(IPAddress.Any, 0, router);
}
