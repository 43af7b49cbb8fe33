using Rootcast.Contract;

namespace Rootcast.Tests;

public class SizeBoundTests
{
    [Theory]
    [InlineData("4096M", 4294967296, false)]
    [InlineData("2g", 2147483648, false)]
    [InlineData("1048576", 1048576, false)]
    [InlineData("50%", 50, true)]
    public void SizesAreReadAsTmpfsDoes(string text, long amount, bool percent)
    {
        Assert.True(SizeBound.TryParse(text, out SizeBound bound));
        Assert.Equal(new SizeBound(amount, percent), bound);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("101%")]
    [InlineData("1.5G")]
    [InlineData("9223372036854775807K")]
    [InlineData("99999999999999999999")]
    public void OtherTextsAreNotSizes(string text) => Assert.False(SizeBound.TryParse(text, out _));

    [Fact]
    public void PerCentIsOfMemoryTotal() => Assert.Equal(500, SizeBound.Percent(50).ToBytes(1000));
}
