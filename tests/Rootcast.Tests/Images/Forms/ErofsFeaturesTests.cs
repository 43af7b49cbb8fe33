using Rootcast.Contract;
using Rootcast.Images.Forms;

namespace Rootcast.Tests;

public sealed class ErofsFeaturesTests
{
    [Theory]
    [InlineData("5.10.0-9-amd64", "1.8.6", "-zlz4hc -C4096")]
    [InlineData("5.15.0", "1.5", "-zlz4hc -C65536")]
    [InlineData("6.1.0-18-cloud-amd64", "mkfs.erofs 1.5", "-zlz4hc -C65536 -Eztailpacking")]
    [InlineData("6.1.0-18-cloud-amd64", "mkfs.erofs (erofs-utils) 1.8.6", "-zlz4hc -C65536 -Eztailpacking,fragments,dedupe")]
    [InlineData("6.12", "1.4", "-zlz4hc -C65536")]
    public void WhatTheKernelReadsAndTheProgramWritesIsUsed(string kernel, string program, string arguments) =>
        Assert.Equal(arguments, string.Join(' ', ErofsFeatures.Arguments(new(), Read(kernel), Read(program))));

    [Fact]
    public void WhatTheRecipeSaysIsUsed()
    {
        ErofsOptions options = new()
        {
            Compressor = "lzma",
            Level = 9,
            ClusterBytes = 1 << 20,
        };
        Assert.Equal(["-zlzma,9", "-C1048576", "-Eztailpacking"], ErofsFeatures.Arguments(options, new(6, 1), new(1, 5)));
    }

    [Theory]
    [InlineData("zstd", null, "6.10")]
    [InlineData("deflate", null, "6.6")]
    [InlineData("lz4hc", 8192, "5.13")]
    public void WhatTheKernelCannotReadIsRefused(string compressor, int? cluster, string first)
    {
        ErofsOptions options = new() { Compressor = compressor, ClusterBytes = cluster };
        UserError error = Assert.Throws<UserError>(() => ErofsFeatures.Arguments(options, new(5, 10), new(1, 8)));
        Assert.Contains(first, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("6")]
    [InlineData("none")]
    [InlineData("")]
    [InlineData("99999999999.1")]
    public void OddVersionsAreNoCrash(string text) => Assert.True(ErofsFeatures.ReadVersion(text) is null || text == "6");

    private static Version Read(string text) => ErofsFeatures.ReadVersion(text)!;
}
