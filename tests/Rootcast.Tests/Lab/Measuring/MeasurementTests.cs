using Rootcast.Contract;
using Rootcast.Images.Progress;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Measuring;

namespace Rootcast.Tests;

/// <summary>The order of a measuring, with machines that nobody boots.</summary>
public sealed class MeasurementTests : IDisposable
{
    private static readonly MeasureResult Plan = Measured.Result(cells: 3, runs: 2) with { Done = [] };
    private readonly string directory = Directory.CreateTempSubdirectory("rootcast-measure-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task AFormThatFailsIsShownAndTheRestGoesOn()
    {
        Boots boots = new() { Fails = "tmpfs" };
        MeasureResult result = await RunAsync(boots, Plan);
        Assert.Equal(6, result.Done.Count);
        Assert.Equal(2, result.Done.Count(run => !run.Succeeded));
        Assert.All(result.Done.Where(run => !run.Succeeded), run => Assert.Equal("there is no tmpfs today", run.Failure));
        Assert.Equal(MeasureSchedule.Of(3, 2, Plan.Seed), boots.Order);
        Assert.Equal(
            MeasureFile.Bytes(result),
            await File.ReadAllBytesAsync(Path.Combine(directory, MeasureFile.Name), TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task WhatIsInterruptedIsKeptAndGoesOnWhereItWas()
    {
        using CancellationTokenSource interruption = new();
        Boots boots = new() { After = 4, Then = interruption.Cancel };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(boots, Plan, interruption));
        MeasureResult kept = MeasureFile.Read(directory);
        Assert.Equal(3, kept.Done.Count);
        Boots later = new();
        MeasureResult result = await RunAsync(later, kept);
        Assert.Equal(MeasureSchedule.Of(3, 2, Plan.Seed).Skip(3), later.Order);
        Assert.Equal(6, result.Done.Count);
    }

    [Fact]
    public async Task TheLeastMemoryIsSearchedOncePerFormAndGoesOnWhereItWas()
    {
        MeasureResult plan = Plan with { SearchesLeast = true };
        using CancellationTokenSource interruption = new();
        Boots boots = new() { After = 12, Then = interruption.Cancel };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(boots, plan, interruption));
        MeasureResult kept = MeasureFile.Read(directory);
        int attempts = kept.Least.Sum(least => least.Attempts.Count);
        Assert.Equal(5, attempts);
        MeasureResult result = await RunAsync(new Boots(), kept);
        Assert.Equal(3, result.Least.Count);
        Assert.All(result.Least, least => Assert.Equal(Boots.Least, least.Bytes));
        Assert.Equal(kept.Least[0].Attempts.Take(5), result.Least[0].Attempts.Take(5));
    }

    private Task<MeasureResult> RunAsync(Boots boots, MeasureResult plan, CancellationTokenSource? interruption = null) =>
        new Measurement(boots, directory, new SilentProgress()).RunAsync(
            plan,
            new GuestWork(""),
            interruption?.Token ?? TestContext.Current.CancellationToken
        );

    private sealed class Boots : IMeasureBoots
    {
        public const long Least = 200L << 20;
        private static readonly MeasureResult Whole = Measured.Result(cells: 3, runs: 2);
        private int booted;

        public string? Fails { get; init; }

        public int After { get; init; }

        public Action? Then { get; init; }

        public List<(int Cell, int Round)> Order { get; } = [];

        public Task<MeasuredRun> RunAsync(
            MeasureCell cell,
            GuestWork work,
            MeasuredRun run,
            string consoleLog,
            CancellationToken cancellation
        )
        {
            Count(cancellation);
            Order.Add((run.Cell, run.Round));
            if (cell.Form == Fails)
            {
                throw new UserError($"there is no {cell.Form} today", "");
            }
            return Task.FromResult(Whole.Done.First(done => (done.Cell, done.Round) == (run.Cell, run.Round)));
        }

        public Task<LeastAttempt> TryAsync(
            MeasureCell cell,
            long memoryBytes,
            TimeSpan deadline,
            string consoleLog,
            CancellationToken cancellation
        )
        {
            Count(cancellation);
            return Task.FromResult(new LeastAttempt(memoryBytes, memoryBytes >= Least, "said"));
        }

        private void Count(CancellationToken cancellation)
        {
            if (++booted == After)
            {
                Then!();
            }
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
