using System.Globalization;
using Rootcast.Contract;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Statistics;

namespace Rootcast.Lab.Reports;

/// <summary>The tables that every kind of report shows.</summary>
public static class ReportTables
{
    /// <summary>Owners that are shown for each cell; the rest is one line.</summary>
    private const int MostOwners = 12;

    /// <summary>What the summary takes as much writing.</summary>
    private const long Writes = 200L << 20;

    /// <summary>Machines of the summary, in MiB.</summary>
    private static readonly int[] Machines = [128, 192, 256, 384, 512, 768, 1024, 2048, 4096];

    /// <summary>The figures of a group: a row for each cell, with the median and, where they differ from it, the least and the most. Null where there are
    /// none.</summary>
    public static ReportTable? Of(MeasureResult result, IReadOnlyList<CellSummary> cells, MetricGroup group)
    {
        List<Metric> metrics = [.. Metrics.All.Where(metric => metric.Group == group && cells.Any(cell => cell.Of(metric).Count > 0))];
        if (metrics.Count == 0)
        {
            return null;
        }
        bool withLeast = group == MetricGroup.Memory && result.Least.Count > 0;
        List<string> columns =
        [
            "form",
            "carrier",
            "memory",
            .. metrics.Select(metric => $"{metric.Title}, {ReportHead.Symbol(metric, result.Host)}"),
        ];
        if (withLeast)
        {
            columns.Add("least, MiB");
        }
        return new ReportTable(columns, TextColumns: 3, [.. cells.Select(Row)]);

        string[] Row(CellSummary cell)
        {
            List<string> row = [cell.Cell.Form, cell.Cell.Carrier, Machine(cell)];
            row.AddRange(metrics.Select(metric => Value(metric, cell.Of(metric))));
            if (withLeast)
            {
                row.Add(cell.LeastBytes is { } least ? $"{least >> 20}" : "-");
            }
            return [.. row];
        }
    }

    /// <summary>Memory at a point by <see cref="OwnerGroups"/>, a row for each cell that was looked at there.</summary>
    public static ReportTable OfGroups(IReadOnlyList<CellSummary> cells, string point)
    {
        List<IReadOnlyList<string>> rows = [];
        foreach (CellSummary cell in cells.Where(cell => OwnerTable.Points(cell).Contains(point, StringComparer.Ordinal)))
        {
            OwnerTable table = OwnerTable.Of(cell, point);
            string[] figures = [.. OwnerGroups.Sums(table).Select(Mebibytes)];
            rows.Add([cell.Cell.Form, cell.Cell.Carrier, Machine(cell), .. figures, Mebibytes(table.UsedBytes)]);
        }
        return new ReportTable(["form", "carrier", "memory", .. OwnerGroups.Names, "all, MiB"], TextColumns: 3, rows);
    }

    /// <summary>The owners of the memory of one cell, the largest first.</summary>
    public static ReportTable OfOwners(OwnerTable table)
    {
        List<IReadOnlyList<string>> rows =
        [
            .. table
                .Rows.Take(MostOwners)
                .Select(row => (string[])[row.Owner, row.Kind, row.Reclaimable ? "" : "pinned", Mebibytes(row.Bytes)]),
        ];
        long rest = table.Rows.Skip(MostOwners).Sum(row => row.Bytes);
        if (rest > 0)
        {
            rows.Add([$"{table.Rows.Count - MostOwners} more", "", "", Mebibytes(rest)]);
        }
        rows.Add([
            $"remainder ({table.RemainderPart.ToString("0.0 %", CultureInfo.InvariantCulture)})",
            "",
            "",
            Mebibytes(table.RemainderBytes),
        ]);
        rows.Add(["in all", "", "", Mebibytes(table.UsedBytes)]);
        return new ReportTable(["owner", "kind", "", "MiB"], TextColumns: 3, rows);
    }

    /// <summary>Which form for which machine: what <see cref="Advice"/> picks. A row stands for all machines up to the next row's.</summary>
    public static ReportTable OfPicks(MeasureResult result)
    {
        bool withDisk = result.Cells.Any(cell => cell.Carrier == Names.Of(Carrier.Disk));
        bool withNetwork = result.Cells.Any(cell => cell.Carrier != Names.Of(Carrier.Disk));
        List<string> columns = ["machine"];
        List<AdviceRequest> requests = [];
        if (withNetwork)
        {
            Add("over a network", 0, disk: false);
            Add($"over a network, writing {Writes >> 20} MiB into /", Writes, disk: false);
        }
        if (withDisk)
        {
            Add("with a disk", 0, disk: true);
        }
        List<IReadOnlyList<string>> rows = [];
        foreach (int machine in Machines)
        {
            List<string> row = [$"{machine} MiB"];
            row.AddRange(requests.Select(request => Pick(result, request with { MemoryBytes = (long)machine << 20 })));
            bool isNew = rows.Count == 0 || !rows[^1].Skip(1).SequenceEqual(row.Skip(1), StringComparer.Ordinal);
            if (isNew)
            {
                rows.Add(row);
            }
        }
        return new ReportTable(columns, columns.Count, [.. rows.Select((row, i) => From(row, i, rows.Count))]);

        void Add(string title, long writes, bool disk)
        {
            columns.Add(title);
            requests.Add(new AdviceRequest(0, disk ? null : 1_000_000_000, writes, disk));
        }
    }

    private static IReadOnlyList<string> From(IReadOnlyList<string> row, int at, int count) =>
        at == count - 1 && count > 1 ? [$"{row[0]} and more", .. row.Skip(1)] : row;

    private static string Pick(MeasureResult result, AdviceRequest request)
    {
        try
        {
            AdvisedCell best = Advice.Of(result, request).Best;
            string link =
                best.TransferSeconds > 0 ? string.Create(CultureInfo.InvariantCulture, $", {best.DeliveredBytes / 1e6:0} MB") : "";
            return $"{best.Cell.Title} (needs {(best.IsSearched ? "" : "about ")}{best.NeededBytes >> 20} MiB{link})";
        }
        catch (UserError)
        {
            return "nothing that was measured fits";
        }
    }

    private static string Machine(CellSummary cell) => string.Create(CultureInfo.InvariantCulture, $"{cell.Cell.MemoryBytes >> 20}M");

    /// <summary>Median, and least to most where they differ from it.</summary>
    private static string Value(Metric metric, Sample sample)
    {
        string median = metric.Show(sample.Median);
        string least = metric.Show(sample.Least);
        string most = metric.Show(sample.Most);
        return least == most ? median : $"{median} ({least} to {most})";
    }

    private static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture);
}
