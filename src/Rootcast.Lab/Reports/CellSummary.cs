using Rootcast.Lab.Measuring;
using Rootcast.Lab.Statistics;

namespace Rootcast.Lab.Reports;

/// <summary>What the runs of one cell came to. Runs that failed count in <see cref="Failed"/> and in no figure.</summary>
public sealed class CellSummary
{
    private readonly Dictionary<string, Sample> samples = new(StringComparer.Ordinal);

    private CellSummary(MeasureCell cell, IReadOnlyList<MeasuredRun> runs, long? leastBytes)
    {
        Cell = cell;
        Good = [.. runs.Where(run => run.Succeeded)];
        Failed = runs.Count - Good.Count;
        LeastBytes = leastBytes;
        foreach (Metric metric in Metrics.All)
        {
            samples[metric.Name] = Sample.Of(Good, metric.Of);
        }
    }

    /// <summary>The cell.</summary>
    public MeasureCell Cell { get; }

    /// <summary>The runs that did all.</summary>
    public IReadOnlyList<MeasuredRun> Good { get; }

    /// <summary>How many did not.</summary>
    public int Failed { get; }

    /// <summary>The least memory of form and carrier, where it was searched for and found.</summary>
    public long? LeastBytes { get; }

    /// <summary>The values of a figure; empty where no run has it.</summary>
    public Sample Of(Metric metric) => samples[metric.Name];

    /// <summary>Of every cell of a result.</summary>
    public static IReadOnlyList<CellSummary> All(MeasureResult result) =>
        [
            .. result.Cells.Select(
                (cell, i) =>
                    new CellSummary(
                        cell,
                        [.. result.RunsOf(i)],
                        result.Least.FirstOrDefault(least => least.Form == cell.Form && least.Carrier == cell.Carrier)?.Bytes
                    )
            ),
        ];
}
