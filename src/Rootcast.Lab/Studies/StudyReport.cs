using Rootcast.Lab.Measuring;
using Rootcast.Lab.Reports;

namespace Rootcast.Lab.Studies;

/// <summary>The report of a study: its question, where and how it was made anew, and what the figures say of the old ones.</summary>
public static class StudyReport
{
    /// <summary>Name of the file beside the result.</summary>
    public const string Name = "study.md";

    /// <summary>The page; null where the result is of no study, or no run of it came to its end.</summary>
    public static string? Of(MeasureResult result)
    {
        if (result.Study is null || Study.Of(result.Study) is not { } study || !result.Done.Any(run => run.Succeeded))
        {
            return null;
        }
        StudyPage page = new();
        page.Say($"# {study.Title}");
        foreach (string line in ReportHead.Lines(result))
        {
            page.Item(line);
        }
        page.Item($"Every figure with its spread, and who held the memory row by row: [{MarkdownReport.Name}]({MarkdownReport.Name}).");
        study.Report(page, new StudyFigures(result));
        return page.ToString();
    }
}
