using System.Globalization;
using System.Text;
using Rootcast.Lab.Measuring;

namespace Rootcast.Lab.Reports;

/// <summary>A result as a page of Markdown: what was measured, a table for each group of figures, who held the memory, and what failed.</summary>
public static class MarkdownReport
{
    /// <summary>Name of the file beside the result.</summary>
    public const string Name = "report.md";

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
        AppendList(page, "In short", ReportHead.InShort(result, cells));
        page.Append(CultureInfo.InvariantCulture, $"\n## {ReportHead.PicksTitle}\n\n{ReportHead.PicksExplanation}\n\n");
        AppendTable(page, ReportTables.OfPicks(result));
        foreach (MetricGroup group in Enum.GetValues<MetricGroup>())
        {
            AppendGroup(page, result, cells, group);
        }
        AppendOwners(page, cells);
        foreach ((string title, IReadOnlyList<string> lines) in ReportHead.Remarks(result))
        {
            AppendList(page, title, lines);
        }
        return page.ToString();
    }

    private static void AppendGroup(StringBuilder page, MeasureResult result, IReadOnlyList<CellSummary> cells, MetricGroup group)
    {
        if (ReportTables.Of(result, cells, group) is not { } table)
        {
            return;
        }
        page.Append(CultureInfo.InvariantCulture, $"\n## {ReportHead.Title(group)}\n\n{ReportHead.Explanation(group, result.Host)}\n\n");
        AppendTable(page, table);
    }

    private static void AppendTable(StringBuilder page, ReportTable table)
    {
        AppendRow(page, table.Columns);
        page.Append('|');
        for (int i = 0; i < table.Columns.Count; i++)
        {
            page.Append(i < table.TextColumns ? "---|" : "---:|");
        }
        page.Append('\n');
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            AppendRow(page, row);
        }
    }

    private static void AppendRow(StringBuilder page, IReadOnlyList<string> row)
    {
        page.Append('|');
        foreach (string cell in row)
        {
            page.Append(CultureInfo.InvariantCulture, $" {Text(cell)} |");
        }
        page.Append('\n');
    }

    private static void AppendOwners(StringBuilder page, IReadOnlyList<CellSummary> cells)
    {
        if (!cells.Any(cell => OwnerTable.Points(cell).Any()))
        {
            return;
        }
        page.Append(CultureInfo.InvariantCulture, $"\n## {ReportHead.OwnersTitle}\n\n{ReportHead.OwnersExplanation}\n");
        foreach (CellSummary cell in cells)
        {
            foreach (string point in OwnerTable.Points(cell))
            {
                page.Append(CultureInfo.InvariantCulture, $"\n**{Text(cell.Cell.ToString())}**, {point}:\n\n");
                AppendTable(page, ReportTables.OfOwners(OwnerTable.Of(cell, point)));
            }
        }
    }

    private static void AppendList(StringBuilder page, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }
        page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n");
        foreach (string line in lines)
        {
            page.Append(CultureInfo.InvariantCulture, $"- {Text(line)}\n");
        }
    }

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
