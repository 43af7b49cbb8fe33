using FsCheck;
using FsCheck.Fluent;
using Rootcast.Images.Forms;

namespace Rootcast.Tests;

public class PoolLayoutsTests
{
    [Theory]
    [InlineData(PoolLayout.Single, 2, "a b")]
    [InlineData(PoolLayout.Mirror, 3, "mirror a b c")]
    [InlineData(PoolLayout.Raidz2, 4, "raidz2 a b c d")]
    [InlineData(PoolLayout.Raid10, 4, "mirror a b mirror c d")]
    public void DisksStandAsZpoolTakesThem(PoolLayout layout, int disks, string words) =>
        Assert.Equal(words, string.Join(' ', PoolLayouts.Devices(layout, [.. "abcd"[..disks].Select(letter => $"{letter}")])));

    /// <summary>A layout always has a disk for data, and never more than there are.</summary>
    [Fact]
    public void SomeDiskHoldsData() =>
        Prop.ForAll(
                Gen.Choose(0, 5).Two().ToArbitrary(),
                pair =>
                {
                    PoolLayout layout = (PoolLayout)pair.Item1;
                    int disks = PoolLayouts.LeastDisks(layout) + (pair.Item2 * 2);
                    Assert.InRange(PoolLayouts.DataDisks(layout, disks), 1, disks);
                    Assert.Equal(
                        disks,
                        PoolLayouts
                            .Devices(layout, [.. Enumerable.Range(0, disks).Select(disk => $"/{disk}")])
                            .Count(word => word[0] == '/')
                    );
                    Assert.Equal(layout, PoolLayouts.Of(PoolLayouts.NameOf(layout)));
                }
            )
            .QuickCheckThrowOnFailure();
}
