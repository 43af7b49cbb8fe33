using System.Net;
using Rootcast.Protocols.Dhcp;
using Rootcast.Server.Ipxe;
using Rootcast.Server.ProxyDhcp;

namespace Rootcast.Tests;

/// <summary>A network of its own: addresses and boot files in one answer.</summary>
public class DhcpRulesTests
{
    private static readonly ServerPlace Place = new(
        IPAddress.Parse("10.9.0.100"),
        8080,
        [IpxePrograms.Bios],
        HasTftp: true,
        HasEfiProgram: true
    );
    private readonly DateTimeOffset now = DateTimeOffset.UnixEpoch;
    private readonly AddressRange range = AddressRange.Parse("10.9.0.100-10.9.0.103")!.Value;
    private readonly DhcpRules rules;

    public DhcpRulesTests() => rules = Rules();

    [Fact]
    public void AMachineGetsAnAddressAndItsFile()
    {
        DhcpDecision offer = rules.Take(Of(1, DhcpMessageType.Discover), Place, now);
        IPAddress address = offer.Reply!.YourAddress;
        Assert.NotNull(range.IndexOf(address));
        Assert.NotEqual(Place.Address, address);
        Assert.Equal("undionly.kpxe", offer.Reply.BootFile);
        Assert.Equal(24, offer.Reply.PrefixLength);
        DhcpDecision given = rules.Take(Asking(1, address), Place, now);
        Assert.Equal(DhcpMessageType.Acknowledge, given.Reply!.Type);
        Assert.Equal(address, given.Reply.YourAddress);
        Assert.Equal(3600u, given.Reply.LeaseSeconds);
        Assert.StartsWith($"given {address}; BIOS gets iPXE", given.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void WhoDoesNotBootGetsAnAddressAlone()
    {
        DhcpDecision offer = rules.Take(Of(1, DhcpMessageType.Discover, "udhcp"), Place, now);
        Assert.Equal("", offer.Reply!.BootFile);
        Assert.EndsWith("; not a PXE client", offer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void NoAddressIsGivenTwice()
    {
        HashSet<IPAddress> seen = [];
        for (byte machine = 1; machine <= 3; machine++)
        {
            IPAddress offered = rules.Take(Of(machine, DhcpMessageType.Discover), Place, now).Reply!.YourAddress;
            Assert.Equal(DhcpMessageType.Acknowledge, rules.Take(Asking(machine, offered), Place, now).Reply!.Type);
            Assert.True(seen.Add(offered));
        }
        Assert.Equal("ignored: all addresses are given", rules.Take(Of(4, DhcpMessageType.Discover), Place, now).Reason);
        Assert.Equal(DhcpMessageType.Refuse, rules.Take(Asking(4, seen.First()), Place, now).Reply!.Type);
        // An hour later they are free again, and a release frees at once.
        Assert.NotNull(rules.Take(Of(4, DhcpMessageType.Discover), Place, now + AddressPool.Lease).Reply);
        rules.Take(Of(1, DhcpMessageType.Release), Place, now);
        Assert.NotNull(rules.Take(Of(4, DhcpMessageType.Discover), Place, now).Reply);
    }

    /// <summary>In a storm all ask before one has taken anything; who never takes it keeps nobody else from it.</summary>
    [Fact]
    public void WhatIsOfferedToOneIsOfferedToOthersLast()
    {
        IPAddress[] offered =
        [
            .. Enumerable
                .Range(1, 3)
                .Select(machine => rules.Take(Of((byte)machine, DhcpMessageType.Discover), Place, now).Reply!.YourAddress),
        ];
        Assert.Equal(3, offered.Distinct().Count());
        Assert.NotNull(rules.Take(Of(4, DhcpMessageType.Discover), Place, now).Reply);
    }

    [Fact]
    public void AfterARestartAMachineKeepsWhatItHad()
    {
        IPAddress address = rules.Take(Of(1, DhcpMessageType.Discover), Place, now).Reply!.YourAddress;
        Assert.Equal(address, Rules().Take(Of(1, DhcpMessageType.Discover), Place, now).Reply!.YourAddress);
        DhcpMessage renewal = Of(1, DhcpMessageType.Request) with { ClientAddress = address };
        DhcpDecision renewed = Rules().Take(renewal, Place, now);
        Assert.Equal(DhcpMessageType.Acknowledge, renewed.Reply!.Type);
        Assert.Equal(new IPEndPoint(address, 68), renewed.Target);
    }

    [Fact]
    public void AddressesOfOtherNetworksAndServersAreNotOurs()
    {
        Assert.Equal(DhcpMessageType.Refuse, rules.Take(Asking(1, IPAddress.Parse("192.168.1.5")), Place, now).Reply!.Type);
        DhcpMessage other = Of(1, DhcpMessageType.Request);
        other = other with { Options = [.. other.Options, new(DhcpOptionCode.ServerIdentifier, new byte[] { 10, 9, 0, 77 })] };
        Assert.Equal("ignored: it has chosen the server 10.9.0.77", rules.Take(other, Place, now).Reason);
    }

    [Theory]
    [InlineData("10.9.0.5")]
    [InlineData("10.9.0.5-10.9.0.4")]
    [InlineData("10.9-10.10")]
    [InlineData("0.0.0.0-255.255.255.255")]
    [InlineData("a-b")]
    public void WhatIsNoRangeIsRefused(string text) => Assert.Null(AddressRange.Parse(text));

    [Theory]
    [InlineData("10.9.0.1", 24, true)]
    [InlineData("10.9.0.1", 31, false)]
    [InlineData("10.8.0.1", 8, true)]
    [InlineData("10.8.0.1", 24, false)]
    public void ARangeIsWithinANetworkOrNot(string member, int prefix, bool expected) =>
        Assert.Equal(expected, range.IsWithin(IPAddress.Parse(member), prefix));

    private DhcpRules Rules() => new(new AddressPool(range, [Place.Address]), 24);

    private static DhcpMessage Of(byte machine, DhcpMessageType type, string vendor = "PXEClient") =>
        ProxyDhcpTests.Message(type, vendor, 0) with
        {
            HardwareAddress = new byte[] { 2, 0, 0, 0, 0, machine },
        };

    private static DhcpMessage Asking(byte machine, IPAddress address)
    {
        DhcpMessage request = Of(machine, DhcpMessageType.Request);
        return request with { Options = [.. request.Options, new(DhcpOptionCode.RequestedAddress, address.GetAddressBytes())] };
    }
}
