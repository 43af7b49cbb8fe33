using Rootcast.Lab.Footprints;

namespace Rootcast.Tests;

public class ArcStatisticsTests
{
    [Fact]
    public void PagesAreWhatIsUsedOfThemAndWhatIsNot() =>
        Assert.Equal(
            64_786_432 + 3_145_728,
            ArcStatistics.PagesOf(
                """
                7 1 0x01 21 5712 3245017733 12345678901
                name                            type data
                struct_size                     4    1062400
                linear_cnt                      4    12
                linear_data_size                4    92672
                scatter_cnt                     4    7430
                scatter_data_size               4    64786432
                scatter_chunk_waste             4    3145728
                scatter_order_0                 4    100
                """
            )
        );

    [Theory]
    [InlineData("")]
    [InlineData("scatter_data_size 4 many")]
    [InlineData("scatter_data_size\n\n4")]
    public void WithoutCountersThereIsNothing(string text) => Assert.Equal(0, ArcStatistics.PagesOf(text));
}
