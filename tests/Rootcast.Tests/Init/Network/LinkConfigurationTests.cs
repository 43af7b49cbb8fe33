using System.Net;
using Rootcast.Init.Network;
using Rootcast.Linux.Network;
using Rootcast.Protocols.Dhcp;

namespace Rootcast.Tests;

public class LinkConfigurationTests
{
    private static readonly NetworkLink Link = new(
        "eth0",
        2,
        new byte[] { 0x52, 0x54, 0, 0x12, 0x34, 0x56 },
        1,
        "virtio_net",
        false,
        true,
        "up"
    );

    [Fact]
    public void FactsOfALease() =>
        Golden.Assert("network-facts-dhcp.txt", LinkConfiguration.Of(DhcpTests.Sample, new IpArgument()).Facts(Link));

    [Fact]
    public void FactsOfAStaticAddress() =>
        Golden.Assert(
            "network-facts-static.txt",
            LinkConfiguration.Of(IpArgument.Parse("192.0.2.10::192.0.2.1:255.255.255.0:node7:eth0:off:192.0.2.53")).Facts(Link)
        );

    [Fact]
    public void WithoutClasslessRoutesTheFirstRouterIsTheDefault()
    {
        DhcpMessage message = DhcpTests.Sample with
        {
            Options = [.. DhcpTests.Sample.Options.Where(option => option.Code != DhcpOptionCode.ClasslessRoutes)],
        };
        Assert.Equal(
            [new DhcpRoute(IPAddress.Any, 0, IPAddress.Parse("10.0.2.2"))],
            LinkConfiguration.Of(message, new IpArgument()).Routes
        );
    }

    [Fact]
    public void WhatIpSaysBesideDhcpWins()
    {
        LinkConfiguration configuration = LinkConfiguration.Of(
            DhcpTests.Sample,
            IpArgument.Parse("::10.0.2.77::other:eth0:dhcp:10.0.2.78")
        );
        Assert.Equal([new DhcpRoute(IPAddress.Any, 0, IPAddress.Parse("10.0.2.77"))], configuration.Routes);
        Assert.Equal(["10.0.2.78"], configuration.NameServers.Select(server => server.ToString()));
        Assert.Equal("other", configuration.HostName);
    }
}
