using Rootcast.Lab.Measuring;

namespace Rootcast.Tests;

public class MeasureScheduleTests
{
    [Fact]
    public void EveryRoundHasEveryCellOnceInAnOrderOfItsOwn()
    {
        IReadOnlyList<(int Cell, int Round)> order = MeasureSchedule.Of(8, 5, seed: 3);
        Assert.Equal(40, order.Count);
        int[][] rounds = [.. order.Chunk(8).Select(round => round.Select(run => run.Cell).ToArray())];
        Assert.All(rounds, round => Assert.Equal(Enumerable.Range(0, 8), round.Order()));
        Assert.Equal(5, rounds.Select(round => string.Join(' ', round)).Distinct().Count());
        Assert.Equal(order, MeasureSchedule.Of(8, 5, seed: 3));
        Assert.NotEqual(order, MeasureSchedule.Of(8, 5, seed: 4));
    }

    [Fact]
    public void WhatIsDoneIsNotDoneAgainEvenWhereItFailed()
    {
        MeasureResult whole = Measured.Result(cells: 3, runs: 2);
        MeasureResult half = whole with { Done = [.. whole.Done.Take(4)] };
        IReadOnlyList<(int, int)> order = MeasureSchedule.Of(3, 2, whole.Seed);
        Assert.Equal(order.Skip(4), MeasureSchedule.Left(half));
        Assert.Empty(MeasureSchedule.Left(whole));
    }
}
