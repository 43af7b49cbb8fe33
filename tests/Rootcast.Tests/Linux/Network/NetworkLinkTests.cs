using Rootcast.Linux.Network;

namespace Rootcast.Tests;

public class NetworkLinkTests
{
    [Fact]
    public void TheLoopbackIsThereAndIsNoEthernetDevice()
    {
        NetworkLink loopback = Assert.Single(NetworkLinks.List(), link => link.Name == "lo");
        Assert.Equal(1, loopback.Index);
        Assert.Equal(772, loopback.Kind);
        Assert.Null(loopback.Driver);
        Assert.False(loopback.IsEthernetDevice);
        Assert.Equal("00:00:00:00:00:00", loopback.HardwareAddressText);
    }

    [Fact]
    public void ALinkThatIsNotThereIsNull() => Assert.Null(NetworkLinks.Read("no-such-link"));

    [Theory]
    [InlineData("52:54:00:ab:CD:ef", 6)]
    [InlineData("52:54:00:ab:cd:xy", 0)]
    [InlineData("", 0)]
    [InlineData("1234", 0)]
    public void HardwareAddressesAreRead(string text, int length) => Assert.Equal(length, NetworkLinks.HardwareAddress(text).Length);
}
