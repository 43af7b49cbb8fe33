using Rootcast.Lab.Measuring;
using Rootcast.Lab.Statistics;

namespace Rootcast.Lab.Reports;

/// <summary>Two results beside each other.</summary>
/// <param name="Figures">Every figure that both have.</param>
/// <param name="Notes">What must be known before they are believed.</param>
public sealed record Comparison(IReadOnlyList<ComparedFigure> Figures, IReadOnlyList<string> Notes)
{
    /// <summary>Compares them, cell by cell.</summary>
    public static Comparison Of(MeasureResult before, MeasureResult after)
    {
        List<string> notes = [];
        IReadOnlyList<CellSummary> first = CellSummary.All(before);
        IReadOnlyList<CellSummary> second = CellSummary.All(after);
        List<ComparedFigure> figures = [];
        foreach (CellSummary was in first)
        {
            if (second.FirstOrDefault(now => now.Cell == was.Cell) is not { } now)
            {
                notes.Add($"{was.Cell} is only in the first");
                continue;
            }
            NoteFailures(was, now, notes);
            foreach (Metric metric in Metrics.All)
            {
                Sample one = was.Of(metric);
                Sample other = now.Of(metric);
                if (one.Count > 0 && other.Count > 0)
                {
                    figures.Add(new ComparedFigure(was.Cell, metric, one, other, RatioInterval.Of(one, other, before.Seed)));
                }
            }
            if (was.LeastBytes != now.LeastBytes && was.LeastBytes is { } least && now.LeastBytes is { } leastNow)
            {
                notes.Add($"{was.Cell.Title}: least memory {least >> 20} MiB before, {leastNow >> 20} MiB after");
            }
        }
        notes.AddRange(second.Where(now => first.All(was => was.Cell != now.Cell)).Select(now => $"{now.Cell} is only in the second"));
        NoteHosts(before, after, notes);
        return new Comparison(figures, notes);
    }

    private static void NoteFailures(CellSummary was, CellSummary now, List<string> notes)
    {
        if (was.Failed + now.Failed > 0)
        {
            notes.Add(
                $"{was.Cell}: {was.Failed} of {was.Failed + was.Good.Count} runs failed before, {now.Failed} of {now.Failed + now.Good.Count} after"
            );
        }
    }

    private static void NoteHosts(MeasureResult before, MeasureResult after, List<string> notes)
    {
        if (before.Image.Digest != after.Image.Digest)
        {
            notes.Add($"the images differ: {before.Image.Name} {before.Image.Digest}, {after.Image.Name} {after.Image.Digest}");
        }
        if (before.Image.Kernel != after.Image.Kernel)
        {
            notes.Add($"the kernels differ: {before.Image.Kernel}, {after.Image.Kernel}");
        }
        if (before.WriteBytes != after.WriteBytes)
        {
            notes.Add("the workloads differ: they write different amounts");
        }
        (string, string, string, string) one = (before.Host.Processor, before.Host.Kernel, before.Host.Qemu, before.Host.Accelerator);
        (string, string, string, string) other = (after.Host.Processor, after.Host.Kernel, after.Host.Qemu, after.Host.Accelerator);
        if (one != other)
        {
            notes.Add($"the hosts differ: {one}, {other}: times do not compare");
        }
        else if (!before.Host.TimesAreReal)
        {
            notes.Add($"times were taken under {before.Host.Accelerator} in two sessions: the host's load counts in them");
        }
        double load = Sample.Of(before.Done, run => run.HostLoad).Median;
        double loadNow = Sample.Of(after.Done, run => run.HostLoad).Median;
        if (Math.Abs(load - loadNow) > 1)
        {
            notes.Add(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"the host's load was {load:0.0} before and {loadNow:0.0} after (medians)"
                )
            );
        }
    }
}
