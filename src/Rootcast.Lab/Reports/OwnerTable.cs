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
        IEnumerable<MeasuredOwner> rows = seen.SelectMany(footprint => footprint.Rows)
            .GroupBy(row => $"{row.Owner}\0{row.Kind}\0{row.Reclaimable}", StringComparer.Ordinal)
            .Select(same => same.First())
            .Select(owner =>
                owner with
                {
                    Bytes = Median(seen, footprint => footprint.Rows.Where(row => IsSame(row, owner)).Sum(row => row.Bytes)),
                }
            );
        return new OwnerTable(
            Median(seen, footprint => footprint.UsedBytes),
            Median(seen, footprint => footprint.RemainderBytes),
            [.. rows.OrderByDescending(row => row.Bytes).ThenBy(row => row.Owner, StringComparer.Ordinal)]
        );
    }

    private static bool IsSame(MeasuredOwner one, MeasuredOwner other) =>
        (one.Owner, one.Kind, one.Reclaimable) == (other.Owner, other.Kind, other.Reclaimable);

    private static long Median(List<MeasuredFootprint> footprints, Func<MeasuredFootprint, double?> figure)
    {
        Sample sample = Sample.Of(footprints, figure);
        return sample.Count == 0 ? 0 : (long)sample.Median;
    }
}
