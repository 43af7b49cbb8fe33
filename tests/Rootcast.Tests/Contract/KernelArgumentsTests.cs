using Rootcast.Contract;

namespace Rootcast.Tests;

public class KernelArgumentsTests
{
    [Theory]
    [InlineData("quiet root=/dev/vda1", "quiet|root=/dev/vda1")]
    [InlineData("  a \t b\n", "a|b")]
    [InlineData("x=\"two words\" y", "x=\"two words\"|y")]
    [InlineData("\"x=two words\" y", "x=\"two words\"|y")]
    [InlineData("url=http://h/a?b=c", "url=http://h/a?b=c")]
    [InlineData("=x", "=x")]
    [InlineData("\"", "")]
    [InlineData("", "")]
    public void WordsAreSplitAsTheKernelDoes(string line, string expected) =>
        Assert.Equal(expected, string.Join('|', KernelArguments.Parse(line)));

    [Fact]
    public void WhatComesLaterWins()
    {
        KernelArguments arguments = KernelArguments.Parse("rootcast.size=1G").Concat(KernelArguments.Parse("rootcast.size=2G"));
        Assert.Equal("2G", arguments.Last("rootcast.size"));
    }

    [Fact]
    public void HyphenAndUnderscoreAreTheSame() => Assert.Equal("1", KernelArguments.Parse("a-b=1").Last("a_b"));

    [Theory]
    [InlineData("x", true)]
    [InlineData("x=1", true)]
    [InlineData("x=0", false)]
    [InlineData("x=no", false)]
    [InlineData("y", false)]
    public void FlagsAreReadAsPeopleWriteThem(string line, bool expected) => Assert.Equal(expected, KernelArguments.Parse(line).Flag("x"));
}
