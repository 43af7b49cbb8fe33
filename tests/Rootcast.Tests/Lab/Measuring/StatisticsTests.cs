using Rootcast.Lab.Statistics;

namespace Rootcast.Tests;

public class StatisticsTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.25, 1.75)]
    [InlineData(0.5, 2.5)]
    [InlineData(0.9, 3.7)]
    [InlineData(1, 4)]
    public void QuantilesAreThoseOfRAndNumPy(double part, double expected) =>
        Assert.Equal(expected, new Sample([4, 1, 3, 2]).Quantile(part), 12);

    [Fact]
    public void TheMedianOfAnOddNumberIsTheOneInTheMiddle()
    {
        Sample sample = new([9, 1, 5]);
        Assert.Equal(5, sample.Median);
        Assert.Equal(1, sample.Least);
        Assert.Equal(9, sample.Most);
    }

    [Fact]
    public void WithoutValuesThereIsNoMedian()
    {
        Assert.Equal(double.NaN, new Sample([]).Median);
        Assert.Throws<ArgumentException>(() => new Sample([1, double.NaN]));
    }

    /// <summary>The reference implementation's first numbers for the seed 1234567: 6457827717110365317, 3203168211198807973, 9817491932198370423.</summary>
    [Fact]
    public void RandomNumbersAreSplitMix64s()
    {
        RandomSequence random = new(1234567);
        Assert.Equal([1503580183, 745795716, 138329318], (int[])[.. Enumerable.Range(0, 3).Select(_ => random.Below(int.MaxValue))]);
    }

    [Fact]
    public void EveryNumberBelowTheBoundComesAboutAsOften()
    {
        RandomSequence random = new(1);
        int[] seen = new int[6];
        for (int i = 0; i < 60_000; i++)
        {
            seen[random.Below(6)]++;
        }
        Assert.All(seen, count => Assert.InRange(count, 9_600, 10_400));
    }

    /// <summary>Of three values drawn from three, at least two are the largest in 7 of 27 cases, so both ends of the ratio come with (7/27)² = 0.067: more
    /// than 0.025, and the interval ends exactly there.</summary>
    [Fact]
    public void TheIntervalOfThreeAndThreeValuesIsKnownExactly()
    {
        RatioInterval interval = RatioInterval.Of(new Sample([10, 11, 12]), new Sample([20, 22, 24]), seed: 7)!.Value;
        Assert.Equal(2, interval.Ratio);
        Assert.Equal(20.0 / 12, interval.Low, 12);
        Assert.Equal(24.0 / 10, interval.High, 12);
        Assert.True(interval.ExcludesOne);
    }

    [Fact]
    public void SamplesThatOverlapDoNotDiffer() =>
        Assert.False(RatioInterval.Of(new Sample([10, 11, 12]), new Sample([11, 12, 13]), seed: 7)!.Value.ExcludesOne);

    [Fact]
    public void ValuesThatAreAllTheSameGiveAnIntervalOfOnePoint()
    {
        RatioInterval interval = RatioInterval.Of(new Sample([5, 5]), new Sample([5, 5]), seed: 1)!.Value;
        Assert.Equal(new RatioInterval(1, 1, 1), interval);
        Assert.False(interval.ExcludesOne);
    }

    [Fact]
    public void OfOneValueNoSpreadIsKnown()
    {
        RatioInterval interval = RatioInterval.Of(new Sample([5]), new Sample([6, 7]), seed: 1)!.Value;
        Assert.Equal(1.3, interval.Ratio, 12);
        Assert.False(interval.IsKnown);
        Assert.False(interval.ExcludesOne);
    }

    [Fact]
    public void TheSameSeedGivesTheSameInterval()
    {
        Sample before = new([3, 1, 4, 1, 5]);
        Sample after = new([9, 2, 6, 5, 3]);
        Assert.Equal(RatioInterval.Of(before, after, 42), RatioInterval.Of(before, after, 42));
    }

    /// <summary>Of 200 pairs of samples from the same distribution about one in twenty is called different. A percentile bootstrap of few values is a
    /// little off, so the bound is wide; the numbers are the same in every run.</summary>
    [Fact]
    public void NoDifferenceIsSeldomCalledOne()
    {
        RandomSequence random = new(99);
        int called = 0;
        for (int i = 0; i < 200; i++)
        {
            Sample before = Draw();
            Sample after = Draw();
            called += RatioInterval.Of(before, after, i)!.Value.ExcludesOne ? 1 : 0;
        }
        Assert.InRange(called, 0, 20);

        Sample Draw() => new(Enumerable.Range(0, 5).Select(_ => 1000.0 + random.Below(1000)));
    }

    [Theory]
    [InlineData(new double[0], new[] { 1.0 })]
    [InlineData(new[] { 0.0, 1 }, new[] { 1.0, 2 })]
    public void ARatioThatMeansNothingIsNone(double[] before, double[] after) =>
        Assert.Null(RatioInterval.Of(new Sample(before), new Sample(after), 1));
}
