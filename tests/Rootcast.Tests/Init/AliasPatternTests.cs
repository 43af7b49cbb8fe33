using Rootcast.Init.Devices;

namespace Rootcast.Tests;

public sealed class AliasPatternTests
{
    [Theory]
    [InlineData("virtio:d00000002v*", "virtio:d00000002v00001AF4", true)]
    [InlineData("virtio:d00000002v*", "virtio:d00000003v00001AF4", false)]
    [InlineData("pci:v00008086d*sv*sd*bc01sc06i01*", "pci:v00008086d00002922sv00001AF4sd00001100bc01sc06i01", true)]
    [InlineData("pci:v00008086d*sv*sd*bc01sc06i01*", "pci:v00008086d00002922sv00001AF4sd00001100bc01sc06i00", false)]
    [InlineData("hdaudio:v10EC0[2-3]9*", "hdaudio:v10EC0299r00", true)]
    [InlineData("hdaudio:v10EC0[23]9*", "hdaudio:v10EC0499r00", false)]
    [InlineData("usb:v*p*d[0-9A-F]?", "usb:v1p2dA1", true)]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("a", "", false)]
    [InlineData("[", "[", true)]
    [InlineData("a*b*c", "aXbXbXc", true)]
    public void It_matches_as_fnmatch_does(string pattern, string text, bool matches) =>
        Assert.Equal(matches, AliasPattern.Matches(pattern, text));
}
