using Rootcast.Contract;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Reports;
using Rootcast.Lab.Statistics;

namespace Rootcast.Lab.Studies;

/// <summary>The figures of a study's result as its report takes them: medians over the runs, in bytes, NaN where there is none.</summary>
/// <param name="result">The result.</param>
public sealed class StudyFigures(MeasureResult result)
{
    /// <summary>The result.</summary>
    public MeasureResult Result => result;

    /// <summary>Every cell.</summary>
    public IReadOnlyList<CellSummary> Cells { get; } = CellSummary.All(result);

    /// <summary>The cell of a form by a carrier; null where it was not measured.</summary>
    public CellSummary? Find(string form, string carrier)
    {
        foreach (CellSummary cell in Cells)
        {
            if (cell.Cell.Form == form && cell.Cell.Carrier == carrier)
            {
                return cell;
            }
        }
        return null;
    }

    /// <summary>The same, of our own forms.</summary>
    public CellSummary? Find(Form form, Carrier carrier) => Find(Names.Of(form), Names.Of(carrier));

    /// <summary>A figure of memory at a point.</summary>
    public static double Memory(CellSummary? cell, string point, Func<MemoryPoint, double> figure) =>
        cell is null ? double.NaN : Sample.Of(cell.Good, run => run.MemoryAt(point) is { } at ? figure(at) : null).Median;

    /// <summary>MemTotal − MemFree: what <c>free</c> called used until 2014.</summary>
    public static double NotFree(CellSummary? cell, string point = Marks.Ready) => Memory(cell, point, at => at.Total - at.Free);

    /// <summary>Milliseconds of a step of the workload.</summary>
    public static double Milliseconds(CellSummary? cell, string step) =>
        cell is null ? double.NaN : Sample.Of(cell.Good, run => run.Step(step)?.Milliseconds).Median;

    /// <summary>Bytes a second of a step of the workload.</summary>
    public static double Rate(CellSummary? cell, string step) =>
        cell is null
            ? double.NaN
            : Sample
                .Of(cell.Good, run => run.Step(step) is { Milliseconds: > 0 } done ? done.Bytes / done.Milliseconds * 1000 : null)
                .Median;

    /// <summary>Bytes that the owners have whom the test takes.</summary>
    public static double Owned(CellSummary? cell, string point, Func<MeasuredOwner, bool> test)
    {
        if (cell is null || cell.Good.Count == 0)
        {
            return double.NaN;
        }
        double bytes = 0;
        foreach (MeasuredOwner row in OwnerTable.Of(cell, point).Rows)
        {
            bytes += test(row) ? row.Bytes : 0;
        }
        return bytes;
    }

    /// <summary>Who holds more or less in one cell than in the other at a point, the largest difference first; owners that differ by less than the least
    /// are one row, the last.</summary>
    public static IReadOnlyList<OwnerDifference> Differences(CellSummary one, CellSummary other, string point, long least)
    {
        Dictionary<string, OwnerDifference> rows = new(StringComparer.Ordinal);
        Add(OwnerTable.Of(one, point), isFirst: true);
        Add(OwnerTable.Of(other, point), isFirst: false);
        List<OwnerDifference> large = [];
        OwnerDifference small = new("all that differ by less", "", 0, 0);
        foreach (OwnerDifference row in rows.Values)
        {
            if (Math.Abs(row.More) >= least)
            {
                large.Add(row);
            }
            else
            {
                small = small with { One = small.One + row.One, Other = small.Other + row.Other };
            }
        }
        large.Sort((a, b) => Math.Abs(b.More).CompareTo(Math.Abs(a.More)));
        large.Add(small);
        return large;

        void Add(OwnerTable table, bool isFirst)
        {
            foreach (MeasuredOwner row in table.Rows)
            {
                string key = $"{row.Owner}\0{row.Kind}";
                OwnerDifference known = rows.GetValueOrDefault(key) ?? new OwnerDifference(row.Owner, row.Kind, 0, 0);
                rows[key] = isFirst ? known with { One = known.One + row.Bytes } : known with { Other = known.Other + row.Bytes };
            }
        }
    }
}
