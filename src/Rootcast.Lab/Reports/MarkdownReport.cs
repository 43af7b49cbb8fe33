using System.Globalization;
using System.Text;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Statistics;

namespace Rootcast.Lab.Reports;

/// <summary>A result as a page of Markdown: what was measured, a table for each group of figures, who held the memory, and what failed.</summary>
public static class MarkdownReport
{
    /// <summary>Name of the file beside the result.</summary>
    public const string Name = "report.md";

    /// <summary>Owners that are shown for each cell; the rest is one line.</summary>
    private const int MostOwners = 12;

    /// <summary>The page.</summary>
    public static string Of(MeasureResult result)
    {
        IReadOnlyList<CellSummary> cells = CellSummary.All(result);
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"# {Text(result.Image.Name)}, measured\n\n");
        foreach (string line in ReportHead.Lines(result))
        {
            page.Append(CultureInfo.InvariantCulture, $"- {Text(line)}\n");
        }
        page.Append("\n## In short\n\n");
        foreach (string line in ReportHead.InShort(result, cells))
        {
            page.Append(CultureInfo.InvariantCulture, $"- {Text(line)}\n");
        }
        foreach (MetricGroup group in Enum.GetValues<MetricGroup>())
        {
            AppendGroup(page, result, cells, group);
        }
        AppendOwners(page, cells);
        AppendFailures(page, result);
        AppendFacts(page, result);
        return page.ToString();
    }

    private static void AppendGroup(StringBuilder page, MeasureResult result, IReadOnlyList<CellSummary> cells, MetricGroup group)
    {
        List<Metric> metrics = [.. Metrics.All.Where(metric => metric.Group == group && cells.Any(cell => cell.Of(metric).Count > 0))];
        if (metrics.Count == 0)
        {
            return;
        }
        bool withLeast = group == MetricGroup.Memory && result.Least.Count > 0;
        page.Append(CultureInfo.InvariantCulture, $"\n## {ReportHead.Title(group)}\n\n{ReportHead.Explanation(group, result.Host)}\n\n");
        page.Append("| form | carrier | memory |");
        foreach (Metric metric in metrics)
        {
            page.Append(CultureInfo.InvariantCulture, $" {metric.Title}, {ReportHead.Symbol(metric, result.Host)} |");
        }
        page.Append(withLeast ? " least, MiB |\n" : "\n");
        page.Append(CultureInfo.InvariantCulture, $"|---|---|---|{Repeat("---:|", metrics.Count + (withLeast ? 1 : 0))}\n");
        foreach (CellSummary cell in cells)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"| `{Text(cell.Cell.Form)}` | `{Text(cell.Cell.Carrier)}` | {cell.Cell.MemoryBytes >> 20}M |"
            );
            foreach (Metric metric in metrics)
            {
                page.Append(CultureInfo.InvariantCulture, $" {Value(metric, cell.Of(metric))} |");
            }
            if (withLeast)
            {
                page.Append(CultureInfo.InvariantCulture, $" {(cell.LeastBytes is { } least ? $"{least >> 20}" : "-")} |");
            }
            page.Append('\n');
        }
    }

    /// <summary>Median, and least to most where they differ from it.</summary>
    private static string Value(Metric metric, Sample sample)
    {
        string median = metric.Show(sample.Median);
        string least = metric.Show(sample.Least);
        string most = metric.Show(sample.Most);
        return least == most ? median : $"{median} ({least} to {most})";
    }

    private static void AppendOwners(StringBuilder page, IReadOnlyList<CellSummary> cells)
    {
        if (!cells.Any(cell => OwnerTable.Points(cell).Any()))
        {
            return;
        }
        page.Append(
            "\n## Who holds the memory\n\nMiB, medians; *pinned* is what the kernel could not take back. docs/measuring.md says where each row comes from.\n"
        );
        foreach (CellSummary cell in cells)
        {
            foreach (string point in OwnerTable.Points(cell))
            {
                OwnerTable table = OwnerTable.Of(cell, point);
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"\n**{Text(cell.Cell.ToString())}**, {point}: {Mebibytes(table.UsedBytes)} used, remainder {Mebibytes(table.RemainderBytes)} ({table.RemainderPart:0.0 %})\n\n"
                );
                page.Append("| owner | kind | MiB | |\n|---|---|---:|---|\n");
                foreach (MeasuredOwner row in table.Rows.Take(MostOwners))
                {
                    page.Append(
                        CultureInfo.InvariantCulture,
                        $"| {Text(row.Owner)} | {Text(row.Kind)} | {Mebibytes(row.Bytes)} | {(row.Reclaimable ? "" : "pinned")} |\n"
                    );
                }
                long rest = table.Rows.Skip(MostOwners).Sum(row => row.Bytes);
                if (rest > 0)
                {
                    page.Append(CultureInfo.InvariantCulture, $"| {table.Rows.Count - MostOwners} more | | {Mebibytes(rest)} | |\n");
                }
            }
        }
    }

    private static void AppendFailures(StringBuilder page, MeasureResult result)
    {
        List<MeasuredRun> failed = [.. result.Done.Where(run => !run.Succeeded)];
        List<string> problems = [.. result.Done.SelectMany(run => run.Problems.Select(problem => $"{RunName(result, run)}: {problem}"))];
        if (failed.Count > 0)
        {
            page.Append("\n## Runs that failed\n\n");
            foreach (MeasuredRun run in failed)
            {
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"- {Text(RunName(result, run))}: {Text(run.Failure ?? "")} (console: {Text(run.ConsoleLog ?? "none")})\n"
                );
            }
        }
        if (problems.Count > 0)
        {
            page.Append("\n## What of the workload could not be done\n\n");
            foreach (string problem in problems)
            {
                page.Append(CultureInfo.InvariantCulture, $"- {Text(problem)}\n");
            }
        }
    }

    private static void AppendFacts(StringBuilder page, MeasureResult result)
    {
        page.Append("\n## What the guests said of themselves\n\n");
        foreach (IGrouping<string, string> fact in FactsOf(result))
        {
            string whose =
                fact.Distinct(StringComparer.Ordinal).Count() == result.Cells.Count
                    ? ""
                    : $" ({string.Join(", ", fact.Distinct(StringComparer.Ordinal))})";
            page.Append(CultureInfo.InvariantCulture, $"- `{fact.Key.Replace('`', '\'')}`{whose}\n");
        }
    }

    private static IEnumerable<IGrouping<string, string>> FactsOf(MeasureResult result) =>
        result
            .Done.OrderBy(run => run.Cell)
            .SelectMany(run => run.Facts.Select(fact => (Fact: fact, Cell: result.Cells[run.Cell].ToString())))
            .GroupBy(fact => fact.Fact, fact => fact.Cell, StringComparer.Ordinal);

    private static string RunName(MeasureResult result, MeasuredRun run) => $"{result.Cells[run.Cell]}, round {run.Round}";

    private static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    /// <summary>Text of others in a table: nothing of it is markup.</summary>
    private static string Text(string text)
    {
        StringBuilder safe = new(text.Length);
        foreach (char c in text)
        {
            if (c is '|' or '*' or '_' or '`' or '<' or '>' or '[' or ']' or '\\')
            {
                safe.Append('\\');
            }
            safe.Append(char.IsControl(c) ? ' ' : c);
        }
        return safe.ToString();
    }
}
