using System.Net;
using System.Runtime.InteropServices;
using Rootcast.Linux.Network;

namespace Rootcast.Tests;

/// <summary>The bytes that go to the kernel. The expected ones are those that iproute2 sends for the same, without its extras.</summary>
public class RouteRequestTests
{
    [Fact]
    public void ALinkIsBroughtUp() =>
        Equal("20000000 1000 0500 07000000 00000000" + "00 00 0000 03000000 01000000 01000000", RouteRequest.LinkUp(3));

    [Fact]
    public void AnMtuIsSet() =>
        Equal(
            "28000000 1000 0500 07000000 00000000" + "00 00 0000 03000000 00000000 00000000" + "0800 0400 a0050000",
            RouteRequest.LinkMtu(3, 1440)
        );

    [Fact]
    public void AnAddressIsAddedWithItsBroadcast() =>
        Equal(
            "30000000 1400 0505 07000000 00000000"
                + "02 18 00 00 02000000"
                + "0800 0200 0a00020f"
                + "0800 0100 0a00020f"
                + "0800 0400 0a0002ff",
            RouteRequest.Address(2, IPAddress.Parse("10.0.2.15"), 24)
        );

    [Fact]
    public void ASingleAddressHasNoBroadcast() =>
        Equal(
            "28000000 1400 0505 07000000 00000000" + "02 20 00 00 02000000" + "0800 0200 0a00020f" + "0800 0100 0a00020f",
            RouteRequest.Address(2, IPAddress.Parse("10.0.2.15"), 32)
        );

    [Fact]
    public void TheDefaultRouteHasAGateway() =>
        Equal(
            "2c000000 1800 0505 07000000 00000000" + "02 00 00 00 fe 03 00 01 00000000" + "0800 0500 0a000202" + "0800 0400 02000000",
            RouteRequest.Route(2, IPAddress.Any, 0, IPAddress.Parse("10.0.2.2"), isOnLink: false)
        );

    [Fact]
    public void ARouteOnTheLinkHasNone() =>
        Equal(
            "2c000000 1800 0505 07000000 00000000" + "02 14 00 00 fe 03 fd 01 00000000" + "0800 0100 ac101000" + "0800 0400 02000000",
            RouteRequest.Route(2, IPAddress.Parse("172.16.16.0"), 20, null, isOnLink: false)
        );

    [Fact]
    public void AGatewayOutsideTheNetworkIsOnTheLink() =>
        Equal(
            "2c000000 1800 0505 07000000 00000000" + "02 00 00 00 fe 03 00 01 04000000" + "0800 0500 0a000202" + "0800 0400 02000000",
            RouteRequest.Route(2, IPAddress.Any, 0, IPAddress.Parse("10.0.2.2"), isOnLink: true)
        );

    [Fact]
    public void TheAnswerIsFoundAmongOtherMessages()
    {
        byte[] other = Bytes("14000000 1000 0000 07000000 00000000 00000000");
        byte[] refused = Bytes("24000000 0200 0000 07000000 00000000 ffffffff" + "20000000 1400 0500 07000000 00000000");
        byte[] done = Bytes("24000000 0200 0000 08000000 00000000 00000000" + "20000000 1400 0500 08000000 00000000");
        Assert.Equal(1, RouteAnswer.Find([.. other, .. refused, .. done], 7));
        Assert.Equal(0, RouteAnswer.Find([.. other, .. refused, .. done], 8));
        Assert.Null(RouteAnswer.Find([.. other, .. refused, .. done], 9));
        Assert.Null(RouteAnswer.Find(refused.AsSpan(0, 19), 7));
    }

    [Fact]
    public void TheAnswerIsLookedForInAnyBytes() =>
        Fuzzing.Mutate(
            100_000,
            Bytes("14000000 1000 0000 07000000 00000000 00000000" + "14000000 0200 0000 07000000 00000000 00000000"),
            bytes => _ = RouteAnswer.Find(bytes, 7)
        );

    [Fact]
    public void SocketAddressesAreAsTheHeadersHaveThem()
    {
        byte[] place = new byte[28];
        Assert.Equal(16, SocketAddressLayout.WriteInternet(place, IPAddress.Parse("10.0.2.15"), 8080));
        Assert.Equal("02001f900a00020f0000000000000000", Convert.ToHexStringLower(place.AsSpan(0, 16)));
        Assert.Equal(28, SocketAddressLayout.WriteInternet(place, IPAddress.Parse("fe80::1%5"), 80));
        Assert.Equal("0a00005000000000fe80000000000000000000000000000105000000", Convert.ToHexStringLower(place));
        Assert.Equal(20, SocketAddressLayout.WritePacket(place, 0x0800, 3, [1, 2, 3, 4, 5, 6]));
        Assert.Equal("1100080003000000000000060102030405060000", Convert.ToHexStringLower(place.AsSpan(0, 20)));
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private static void Equal(string expected, RouteRequest request) =>
        Assert.Equal(Convert.ToHexStringLower(Bytes(expected)), Convert.ToHexStringLower(MemoryMarshal.AsBytes(request.Bytes(7))));
}
