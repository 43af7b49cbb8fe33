using System.Globalization;
using System.Text;
using Rootcast.Lab.Measuring;

namespace Rootcast.Lab.Reports;

/// <summary>A result as CSV (RFC 4180): a line for each figure of each run, so that any tool can pivot it. Bytes and milliseconds, not rounded.</summary>
public static class CsvReport
{
    /// <summary>Name of the file beside the result.</summary>
    public const string Name = "runs.csv";

    /// <summary>The text.</summary>
    public static string Of(MeasureResult result)
    {
        StringBuilder text = new("form,carrier,memory_bytes,round,succeeded,figure,unit,value\r\n");
        foreach (MeasuredRun run in result.Done)
        {
            MeasureCell cell = result.Cells[run.Cell];
            string head = string.Create(
                CultureInfo.InvariantCulture,
                $"{Field(cell.Form)},{Field(cell.Carrier)},{cell.MemoryBytes},{run.Round},{(run.Succeeded ? "yes" : "no")}"
            );
            if (!run.Succeeded)
            {
                text.Append(CultureInfo.InvariantCulture, $"{head},failure,text,{Field(run.Failure ?? "")}\r\n");
            }
            foreach (Metric metric in Metrics.All)
            {
                if (metric.Of(run) is { } value)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{head},{metric.Name},{UnitName(metric.Unit)},{value}\r\n");
                }
            }
        }
        foreach (LeastMemory least in result.Least)
        {
            foreach (LeastAttempt attempt in least.Attempts)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{Field(least.Form)},{Field(least.Carrier)},{attempt.MemoryBytes},0,{(attempt.Ready ? "yes" : "no")},least-memory,text,{Field(attempt.Ending)}\r\n"
                );
            }
        }
        return text.ToString();
    }

    private static string UnitName(MetricUnit unit) =>
        unit switch
        {
            MetricUnit.Time => "ms",
            MetricUnit.Rate => "bytes/s",
            _ => "bytes",
        };

    private static string Field(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
