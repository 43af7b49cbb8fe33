using Rootcast.Lab.Measuring;
using Rootcast.Lab.Statistics;

namespace Rootcast.Lab.Reports;

/// <summary>Who held the memory at one point of a cell: medians over its runs.</summary>
/// <param name="UsedBytes">MemTotal − MemFree.</param>
/// <param name="RemainderBytes">What has no owner.</param>
/// <param name="Rows">The owners, the largest first.</param>
public sealed record OwnerTable(long UsedBytes, long RemainderBytes, IReadOnlyList<MeasuredOwner> Rows)
{
    /// <summary>The remainder as a part of what is used.</summary>
    public double RemainderPart => UsedBytes == 0 ? 0 : (double)RemainderBytes / UsedBytes;

    /// <summary>The points at which a cell's runs looked.</summary>
    public static IEnumerable<string> Points(CellSummary cell) =>
        cell.Good.SelectMany(run => run.Footprints).Select(footprint => footprint.Point).Distinct(StringComparer.Ordinal);

    /// <summary>The table. An owner that a run does not have counts as 0 there.</summary>
    public static OwnerTable Of(CellSummary cell, string point)
    {
        List<MeasuredFootprint> seen = [.. cell.Good.SelectMany(run => run.Footprints).Where(footprint => footprint.Point == point)];
        IEnumerable<MeasuredOwner> rows = seen.SelectMany((footprint, run) => footprint.Rows.Select(row => (run, row)))
            .GroupBy(one => (one.row.Owner, one.row.Kind, one.row.Reclaimable))
            .Select(owner => new MeasuredOwner(
                owner.Key.Owner,
                owner.Key.Kind,
                Median(Enumerable.Range(0, seen.Count).Select(run => owner.Where(one => one.run == run).Sum(one => one.row.Bytes))),
                owner.Key.Reclaimable
            ));
        return new OwnerTable(
            Median(seen.Select(footprint => footprint.UsedBytes)),
            Median(seen.Select(footprint => footprint.RemainderBytes)),
            [.. rows.OrderByDescending(row => row.Bytes).ThenBy(row => row.Owner, StringComparer.Ordinal)]
        );
    }

    private static long Median(IEnumerable<long> values)
    {
        Sample sample = new(values.Select(value => (double)value));
        return sample.Count == 0 ? 0 : (long)sample.Median;
    }
}
