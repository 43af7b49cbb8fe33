using System.Net;
using Rootcast.Contract;
using Rootcast.Init.Network;

namespace Rootcast.Tests;

public class IpArgumentTests
{
    [Theory]
    [InlineData(null, IpMethod.Dhcp, null)]
    [InlineData("", IpMethod.Dhcp, null)]
    [InlineData("dhcp", IpMethod.Dhcp, null)]
    [InlineData("on", IpMethod.Dhcp, null)]
    [InlineData("any", IpMethod.Dhcp, null)]
    [InlineData("off", IpMethod.Off, null)]
    [InlineData("none", IpMethod.Off, null)]
    [InlineData("eth0:dhcp", IpMethod.Dhcp, "eth0")]
    [InlineData("eth0:off", IpMethod.Off, "eth0")]
    [InlineData(":::::eth1:dhcp", IpMethod.Dhcp, "eth1")]
    [InlineData(":::::eth1", IpMethod.Dhcp, "eth1")]
    [InlineData("::::::off", IpMethod.Off, null)]
    public void TheMethodAndTheLinkAreRead(string? text, IpMethod method, string? device)
    {
        IpArgument ip = IpArgument.Parse(text);
        Assert.Equal(method, ip.Method);
        Assert.Equal(device, ip.Device);
        Assert.Null(ip.Address);
    }

    [Fact]
    public void AStaticAddressIsReadWithAllItsFields()
    {
        IpArgument ip = IpArgument.Parse("192.0.2.10:192.0.2.1:192.0.2.254:255.255.255.128:node7:eth0:off:192.0.2.53:192.0.2.54");
        Assert.Equal(IpMethod.Static, ip.Method);
        Assert.Equal(IPAddress.Parse("192.0.2.10"), ip.Address);
        Assert.Equal(25, ip.PrefixLength);
        Assert.Equal(IPAddress.Parse("192.0.2.254"), ip.Gateway);
        Assert.Equal("node7", ip.HostName);
        Assert.Equal("eth0", ip.Device);
        Assert.Equal(["192.0.2.53", "192.0.2.54"], ip.NameServers.Select(server => server.ToString()));
    }

    [Theory]
    [InlineData("10.1.2.3", 8)]
    [InlineData("172.16.0.1::", 16)]
    [InlineData("192.168.0.1", 24)]
    [InlineData("192.168.0.1:::22", 22)]
    [InlineData("192.168.0.1:::255.255.255.255", 32)]
    public void WithoutAMaskTheClassCounts(string text, int prefixLength) =>
        Assert.Equal(prefixLength, IpArgument.Parse(text).PrefixLength);

    [Fact]
    public void AnAddressWithDhcpOnlySuggests() => Assert.Equal(IpMethod.Dhcp, IpArgument.Parse("10.0.0.1::::::dhcp").Method);

    [Theory]
    [InlineData("10.0.0", "client 10.0.0 is no IPv4 address")]
    [InlineData("10.0.0.256::", "client 10.0.0.256")]
    [InlineData("10.0.0.1::x", "gateway x")]
    [InlineData("10.0.0.1:::255.0.255.0", "netmask 255.0.255.0")]
    [InlineData("10.0.0.1:::33", "netmask 33")]
    [InlineData("::::::dhcp6", "method \"dhcp6\"")]
    [InlineData("::::::dhcp:x", "name server x")]
    [InlineData("[2001:db8::1]::::::none", "IPv6")]
    [InlineData("::::::::::", "too many fields")]
    [InlineData("eth0", "client eth0")]
    public void WhatIsNotUnderstoodIsSaid(string text, string reason)
    {
        UserError error = Assert.Throws<UserError>(() => IpArgument.Parse(text));
        Assert.Contains($"ip={text} is not understood", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
