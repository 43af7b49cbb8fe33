using Rootcast.Server.Http;

namespace Rootcast.Tests;

public class ByteRangeTests
{
    [Theory]
    [InlineData("bytes=0-", 0, 100)]
    [InlineData("bytes=10-19", 10, 10)]
    [InlineData("bytes=99-99", 99, 1)]
    [InlineData("bytes=90-1000", 90, 10)]
    [InlineData("bytes=-5", 95, 5)]
    [InlineData("bytes=-500", 0, 100)]
    [InlineData("BYTES= 1 - 2 ", 1, 2)]
    public void APartIsRead(string header, long offset, long length) =>
        Assert.Equal(new ByteRange(ByteRangeKind.Part, offset, length), ByteRange.Parse(header, 100));

    [Theory]
    [InlineData("")]
    [InlineData("lines=1-2")]
    [InlineData("bytes=1-2,4-5")]
    [InlineData("bytes=5-4")]
    [InlineData("bytes=x-")]
    [InlineData("bytes=--5")]
    [InlineData("bytes=")]
    [InlineData("bytes=99999999999999999999-")]
    public void WhatIsNotOneRangeGivesTheWhole(string header) =>
        Assert.Equal(new ByteRange(ByteRangeKind.Whole, 0, 100), ByteRange.Parse(header, 100));

    [Theory]
    [InlineData("bytes=100-", 100)]
    [InlineData("bytes=-0", 100)]
    [InlineData("bytes=0-", 0)]
    [InlineData("bytes=-1", 0)]
    public void WhatBeginsBehindTheEndCannotBeSatisfied(string header, long total) =>
        Assert.Equal(ByteRangeKind.Unsatisfiable, ByteRange.Parse(header, total).Kind);
}
