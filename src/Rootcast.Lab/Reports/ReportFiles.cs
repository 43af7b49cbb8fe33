using Rootcast.Lab.Measuring;
using Rootcast.Lab.Studies;

namespace Rootcast.Lab.Reports;

/// <summary>The reports beside a result.</summary>
public static class ReportFiles
{
    /// <summary>Writes all of them into a directory; their paths.</summary>
    public static IReadOnlyList<string> Write(MeasureResult result, string directory)
    {
        List<string> files =
        [
            Place(HtmlReport.Name, HtmlReport.Of(result)),
            Place(MarkdownReport.Name, MarkdownReport.Of(result)),
            Place(CsvReport.Name, CsvReport.Of(result)),
        ];
        if (StudyReport.Of(result) is { } study)
        {
            files.Add(Place(StudyReport.Name, study));
        }
        return files;

        string Place(string name, string text)
        {
            string file = Path.Combine(directory, name);
            File.WriteAllText(file + ".new", text);
            File.Move(file + ".new", file, overwrite: true);
            return file;
        }
    }
}
