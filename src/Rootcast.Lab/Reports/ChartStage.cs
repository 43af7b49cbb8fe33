using Rootcast.Contract;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Statistics;

namespace Rootcast.Lab.Reports;

/// <summary>A stage of the boot in the timeline, in seconds from the machine's start.</summary>
/// <param name="Name">firmware, kernel, init, …</param>
/// <param name="Start">Where the one before ended: the median.</param>
/// <param name="End">Where it ended: the median.</param>
/// <param name="EndLeast">The earliest end that was seen.</param>
/// <param name="EndMost">The latest.</param>
internal sealed record ChartStage(string Name, double Start, double End, double EndLeast, double EndMost)
{
    /// <summary>Each stage with the mark that ends it; the first ends where the kernel's clock begins.</summary>
    private static readonly (string Name, string? Mark)[] All =
    [
        ("firmware, loading", null),
        ("kernel", Marks.InitStart),
        ("init", Marks.SwitchRoot),
        ("handover", "systemd-start"),
        ("systemd", Marks.Ready),
    ];

    /// <summary>Every name, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(stage => stage.Name)];

    /// <summary>The stages of a cell. One whose end a run did not tell is part of the next.</summary>
    public static IReadOnlyList<ChartStage> Of(CellSummary cell)
    {
        List<ChartStage> stages = [];
        double start = 0;
        foreach ((string name, string? mark) in All)
        {
            Sample ends = Sample.Of(cell.Good, run => EndOf(run, mark));
            if (ends.Count == 0 || ends.Count < cell.Good.Count)
            {
                continue;
            }
            stages.Add(new ChartStage(name, start, ends.Median / 1000, ends.Least / 1000, ends.Most / 1000));
            start = ends.Median / 1000;
        }
        return stages;
    }

    private static double? EndOf(MeasuredRun run, string? mark) =>
        mark is null ? run.FirmwareMilliseconds : run.TimeOf(mark) + (run.FirmwareMilliseconds ?? 0);
}
