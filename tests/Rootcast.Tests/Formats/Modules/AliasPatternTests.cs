using Rootcast.Formats.Modules;

namespace Rootcast.Tests;

public class AliasPatternTests
{
    [Theory]
    [InlineData("virtio:d00000001v*", "virtio:d00000001v00001AF4", true)]
    [InlineData("virtio:d00000001v*", "virtio:d00000002v00001AF4", false)]
    [InlineData("pci:v*d*sv*sd*bc01sc08i02*", "pci:v00008086d0000F1A5sv00008086sd0000390Abc01sc08i02", true)]
    [InlineData("usb:v*p*d*dc*dsc*dp*ic08isc06ip50in*", "usb:v0781p5581d0100dc00dsc00dp00ic08isc06ip50in00", true)]
    [InlineData("usb:v04E8p6601d[0-9]*", "usb:v04E8p6601d0100", true)]
    [InlineData("usb:v04E8p6601d[0-9]*", "usb:v04E8p6601dx", false)]
    [InlineData("a[!x]c", "abc", true)]
    [InlineData("a[!x]c", "axc", false)]
    [InlineData("a[]]c", "a]c", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("a[c", "a[c", true)]
    [InlineData("a\\*", "a*", true)]
    [InlineData("a\\*", "ab", false)]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("*a*b", "xxaxxbxx", false)]
    public void PatternsAreFnmatchs(string pattern, string text, bool expected) =>
        Assert.Equal(expected, AliasPattern.Matches(pattern, text));

    [Fact]
    public void ManyStarsDoNotTakeForEver() =>
        Assert.False(AliasPattern.Matches(string.Concat(Enumerable.Repeat("*a", 500)) + "b", new string('a', 2000)));
}
