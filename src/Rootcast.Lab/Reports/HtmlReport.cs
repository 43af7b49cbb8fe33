using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Rootcast.Images.Tools;
using Rootcast.Lab.Measuring;

namespace Rootcast.Lab.Reports;

/// <summary>A result as one page that opens from disk without a network: charts, with the figures as a table below each. Its script and style are bundled at
/// build time (build/report-page) from Page/.</summary>
public static class HtmlReport
{
    /// <summary>Name of the file beside the result.</summary>
    public const string Name = "report.html";

    /// <summary>The page is told by the browser itself to fetch nothing.</summary>
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

    /// <summary>The page.</summary>
    public static string Of(MeasureResult result)
    {
        IReadOnlyList<CellSummary> cells = CellSummary.All(result);
        StringBuilder page = new();
        string title = Text($"{result.Image.Name}, measured");
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="{Policy}">
            <title>{title}</title>
            <style>{Resource("report.css")}</style>
            </head>
            <body>
            <main>
            <h1>{title}</h1>

            """
        );
        AppendSummary(page, result, cells);
        AppendOwners(page, cells);
        AppendChart(
            page,
            result,
            cells,
            MetricGroup.Boot,
            "timeline",
            "Stages of the boot, one after the other; the whisker is where a stage ended in the runs."
        );
        AppendChart(
            page,
            result,
            cells,
            MetricGroup.Delivery,
            "delivery",
            "Delivered bytes against memory in use at ready: the lower left is the cheapest."
        );
        AppendChart(page, result, cells, MetricGroup.Memory, result.Least.Count > 0 ? "least" : null, "The least memory that gets ready.");
        AppendChart(page, result, cells, MetricGroup.Work, null, "");
        AppendAllOwners(page, cells);
        foreach ((string heading, IReadOnlyList<string> lines) in ReportHead.Remarks(result))
        {
            if (lines.Count > 0)
            {
                Heading(page, heading);
                AppendList(page, lines, "facts");
            }
        }
        page.Append("</main>\n<script type=\"application/json\" id=\"data\">");
        page.Append(JsonSerializer.Serialize(DataOf(result, cells), ChartJson.Default.ChartData));
        page.Append(CultureInfo.InvariantCulture, $"</script>\n<script>{Resource("report.js")}</script>\n</body>\n</html>\n");
        return page.ToString();
    }

    /// <summary>The first screen: what to take, and under which conditions it was found.</summary>
    private static void AppendSummary(StringBuilder page, MeasureResult result, IReadOnlyList<CellSummary> cells)
    {
        if (!result.Host.TimesAreReal)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<p class=\"warning\">Times were taken under {Text(result.Host.Accelerator)}, a software emulation. Bytes and pages are as anywhere.</p>\n"
            );
        }
        int failed = result.Done.Count(run => !run.Succeeded);
        if (failed > 0)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<p class=\"warning failed\">{failed} of {result.Done.Count} runs failed: <a href=\"#{Id("Runs that failed")}\">which and why</a>.</p>\n"
            );
        }
        Heading(page, ReportHead.PicksTitle);
        AppendTable(page, ReportTables.OfPicks(result));
        Explanation(page, ReportHead.PicksExplanation);
        AppendList(page, ReportHead.InShort(result, cells), "short");
        page.Append("<nav>");
        List<string> sections =
        [
            ReportHead.OwnersTitle,
            .. Enum.GetValues<MetricGroup>().Select(ReportHead.Title),
            ReportHead.ConditionsTitle,
        ];
        foreach (string section in sections)
        {
            page.Append(CultureInfo.InvariantCulture, $"<a href=\"#{Id(section)}\">{Text(section)}</a> ");
        }
        page.Append("</nav>\n");
        Heading(page, ReportHead.ConditionsTitle);
        AppendList(page, ReportHead.Lines(result), "facts");
    }

    private static void AppendOwners(StringBuilder page, IReadOnlyList<CellSummary> cells)
    {
        List<string> points = [.. PointsOf(cells)];
        if (points.Count == 0)
        {
            return;
        }
        Heading(page, ReportHead.OwnersTitle);
        Explanation(page, ReportHead.OwnersExplanation);
        foreach (string point in points)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h3>{Text(point)}</h3>\n");
            Chart(page, $"owners:{point}", $"Memory by owner, {point}");
            AppendTable(page, ReportTables.OfGroups(cells, point));
        }
    }

    private static void AppendAllOwners(StringBuilder page, IReadOnlyList<CellSummary> cells)
    {
        foreach (CellSummary cell in cells)
        {
            foreach (string point in OwnerTable.Points(cell))
            {
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"<details><summary>Owners in {Text(cell.Cell.ToString())}, {Text(point)}</summary>\n"
                );
                AppendTable(page, ReportTables.OfOwners(OwnerTable.Of(cell, point)));
                page.Append("</details>\n");
            }
        }
    }

    private static void AppendChart(
        StringBuilder page,
        MeasureResult result,
        IReadOnlyList<CellSummary> cells,
        MetricGroup group,
        string? chart,
        string caption
    )
    {
        if (ReportTables.Of(result, cells, group) is not { } table)
        {
            return;
        }
        Heading(page, ReportHead.Title(group));
        if (chart is not null)
        {
            Explanation(page, caption);
            Chart(page, chart, caption);
        }
        AppendTable(page, table);
        Explanation(page, ReportHead.Explanation(group, result.Host));
    }

    private static void Chart(StringBuilder page, string kind, string label) =>
        page.Append(CultureInfo.InvariantCulture, $"<div data-chart=\"{Text(kind)}\" role=\"img\" aria-label=\"{Text(label)}\"></div>\n");

    private static void Heading(StringBuilder page, string title) =>
        page.Append(CultureInfo.InvariantCulture, $"<h2 id=\"{Id(title)}\">{Text(title)}</h2>\n");

    private static void Explanation(StringBuilder page, string text) =>
        page.Append(CultureInfo.InvariantCulture, $"<p class=\"explanation\">{Text(text)}</p>\n");

    private static void AppendList(StringBuilder page, IReadOnlyList<string> lines, string style)
    {
        page.Append(CultureInfo.InvariantCulture, $"<ul class=\"{style}\">\n");
        foreach (string line in lines)
        {
            page.Append(CultureInfo.InvariantCulture, $"<li>{Text(line)}</li>\n");
        }
        page.Append("</ul>\n");
    }

    private static void AppendTable(StringBuilder page, ReportTable table)
    {
        page.Append("<div class=\"table\" tabindex=\"0\"><table><thead>");
        AppendRow(page, table, table.Columns, "th scope=\"col\"", "th");
        page.Append("</thead><tbody>\n");
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            AppendRow(page, table, row, "td", "td");
        }
        page.Append("</tbody></table></div>\n");
    }

    private static void AppendRow(StringBuilder page, ReportTable table, IReadOnlyList<string> row, string begin, string end)
    {
        page.Append("<tr>");
        for (int i = 0; i < row.Count; i++)
        {
            string style = i < table.TextColumns ? "" : " class=\"figure\"";
            page.Append(CultureInfo.InvariantCulture, $"<{begin}{style}>{Text(row[i])}</{end}>");
        }
        page.Append("</tr>\n");
    }

    private static ChartData DataOf(MeasureResult result, IReadOnlyList<CellSummary> cells)
    {
        bool sameMemory = result.Cells.All(cell => cell.MemoryBytes == result.Cells[0].MemoryBytes);
        return new ChartData(
            ReportHead.Symbol(Metrics.Ready, result.Host),
            OwnerGroups.Names,
            ChartStage.Names,
            [.. cells.Select(cell => CellOf(cell, sameMemory ? cell.Cell.Title : $"{cell.Cell.Title}, {cell.Cell.MemoryBytes >> 20}M"))]
        );
    }

    private static ChartCell CellOf(CellSummary cell, string name)
    {
        Dictionary<string, double[]> owners = new(StringComparer.Ordinal);
        foreach (string point in OwnerTable.Points(cell))
        {
            owners[point] = Array.ConvertAll(OwnerGroups.Sums(OwnerTable.Of(cell, point)), bytes => Math.Round(bytes / 1048576.0, 2));
        }
        return new ChartCell(
            name,
            cell.Cell.Form,
            ChartSample.Of(Metrics.Delivered, cell.Of(Metrics.Delivered)),
            ChartSample.Of(Metrics.UsedAtReady, cell.Of(Metrics.UsedAtReady)),
            cell.LeastBytes >> 20,
            ChartStage.Of(cell),
            owners
        );
    }

    private static IEnumerable<string> PointsOf(IReadOnlyList<CellSummary> cells) =>
        cells.SelectMany(OwnerTable.Points).Distinct(StringComparer.Ordinal);

    private static string Id(string title) => title.Replace(' ', '-').ToLowerInvariant();

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Resource(string name) =>
        Encoding.UTF8.GetString(PackedResource.Read(typeof(HtmlReport).Assembly, name + ".zst")!);
}
