using System.Globalization;
using Rootcast.Lab.Measuring;

namespace Rootcast.Lab.Reports;

/// <summary>The words that every kind of report says.</summary>
public static class ReportHead
{
    /// <summary>What was measured, where and with what: a line each.</summary>
    public static IReadOnlyList<string> Lines(MeasureResult result)
    {
        MeasuredHost host = result.Host;
        string tools = string.Join(
            ", ",
            host.Tools.OrderBy(tool => tool.Key, StringComparer.Ordinal).Select(tool => $"{tool.Key} {tool.Value}")
        );
        double[] loads = [.. result.Done.Select(run => run.HostLoad)];
        int failed = result.Done.Count(run => !run.Succeeded);
        List<string> lines =
        [
            $"Image {result.Image.Name} ({result.Image.Digest[..Math.Min(19, result.Image.Digest.Length)]}…): {result.Image.Source}; kernel {result.Image.Kernel}.",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Done.Count} runs of {result.Cells.Count * result.Runs}, {failed} failed; {result.Runs} rounds, each in an order of its own (seed {result.Seed}); begun {result.Created:yyyy-MM-dd HH:mm} UTC."
            ),
            $"Guest: {host.GuestProcessors} processors; QEMU {host.Qemu}, {host.Accelerator} ({host.AcceleratorReason}).",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Host: {host.System}, Linux {host.Kernel}, {host.Processors} × {host.Processor}, {host.MemoryBytes >> 20} MiB; load before a run {(loads.Length == 0 ? 0 : loads.Min()):0.0} to {(loads.Length == 0 ? 0 : loads.Max()):0.0}."
            ),
            $"By {host.Rootcast}{(tools.Length > 0 ? $"; tools of this host: {tools}" : "")}.",
        ];
        if (!host.TimesAreReal)
        {
            lines.Add(
                $"Every time here was taken under {host.Accelerator}, a software emulation: it compares with the other times of this report and with nothing else. Bytes and pages are as anywhere."
            );
        }
        return lines;
    }

    /// <summary>The least of each that matters.</summary>
    public static IReadOnlyList<string> InShort(MeasureResult result, IReadOnlyList<CellSummary> cells)
    {
        List<string> lines = [];
        Best("Least in use at ready", Metrics.UsedAtReady);
        Best("Least in use once the workload has written", Metrics.UsedAfterWorkload);
        Best("Least delivered", Metrics.Delivered);
        Best($"Soonest ready{(result.Host.TimesAreReal ? "" : $" ({result.Host.Accelerator})")}", Metrics.Ready);
        if (cells.Where(cell => cell.LeastBytes is not null).MinBy(cell => cell.LeastBytes) is { } least)
        {
            lines.Add($"Boots with the least memory: {least.Cell.Title}, {least.LeastBytes >> 20} MiB.");
        }
        return lines.Count > 0 ? lines : ["No run came to its end."];

        void Best(string what, Metric metric)
        {
            List<CellSummary> order = [.. cells.Where(cell => cell.Of(metric).Count > 0).OrderBy(cell => cell.Of(metric).Median)];
            if (order.Count > 0)
            {
                string next = order.Count > 1 ? $"; next {Name(order[1])}, {metric.Show(order[1].Of(metric).Median)}" : "";
                lines.Add($"{what}: {Name(order[0])}, {metric.Show(order[0].Of(metric).Median)} {metric.Symbol}{next}.");
            }
        }

        string Name(CellSummary cell) =>
            result.Cells.Select(one => one.MemoryBytes).Distinct().Count() == 1
                ? cell.Cell.Title
                : $"{cell.Cell.Title} in {cell.Cell.MemoryBytes >> 20} MiB";
    }

    /// <summary>Title of a table.</summary>
    public static string Title(MetricGroup group) =>
        group switch
        {
            MetricGroup.Delivery => "Bytes",
            MetricGroup.Memory => "Memory",
            MetricGroup.Boot => "Boot",
            _ => "Workload",
        };

    /// <summary>What its columns are.</summary>
    public static string Explanation(MetricGroup group, MeasuredHost host) =>
        group switch
        {
            MetricGroup.Delivery =>
                "Delivered: kernel, initrd and artefact. Received: all that the guest's network cards got until ready, headers included.",
            MetricGroup.Memory =>
                "In use: MemTotal - MemAvailable, less the free pages that processors keep for themselves; not free: MemTotal - MemFree. "
                    + "Touched: pages of the machine that its hypervisor ever had to provide, until the end of the workload. Medians (least to most).",
            MetricGroup.Boot => $"Medians (least to most){Clock(host)}. Firmware is by the host's clock, the rest by the guest's.",
            _ => $"Medians (least to most){Clock(host)}.",
        };

    /// <summary>Title of the table of what to take for which machine.</summary>
    public const string PicksTitle = "Which form for which machine";

    /// <summary>What it says.</summary>
    public const string PicksExplanation =
        "What fits and brings the least over the link, then what takes the least memory. A row stands for machines up to the next row's; "
        + "'about' is reckoned from what was in use, not searched by booting. For a machine of your own: rootcast advise.";

    /// <summary>Title of what was measured, where and with what.</summary>
    public const string ConditionsTitle = "What was measured, and where";

    /// <summary>Title of the tables of owners.</summary>
    public const string OwnersTitle = "Who holds the memory";

    /// <summary>What they say.</summary>
    public const string OwnersExplanation =
        "Medians of MemTotal - MemFree by owner; pinned is what the kernel could not take back. docs/measuring.md says where each row comes from.";

    /// <summary>What else has to be said, each under its title: runs that failed, what could not be done, what the guests said of themselves.</summary>
    public static IReadOnlyList<(string Title, IReadOnlyList<string> Lines)> Remarks(MeasureResult result) =>
        [
            (
                "Runs that failed",
                [
                    .. result
                        .Done.Where(run => !run.Succeeded)
                        .Select(run => $"{RunName(result, run)}: {run.Failure} (console: {run.ConsoleLog ?? "none"})"),
                ]
            ),
            (
                "What of the workload could not be done",
                [.. result.Done.SelectMany(run => run.Problems.Select(problem => $"{RunName(result, run)}: {problem}"))]
            ),
            ("How the artefacts were made", [.. result.Image.Artefacts.Select(Made)]),
            ("What the kernel was built with", [.. result.Image.KernelOptions ?? ["the image does not say"]]),
            ("What the guests said of themselves", [.. Facts(result)]),
        ];

    /// <summary>The unit as it stands above a column; times say where they come from.</summary>
    public static string Symbol(Metric metric, MeasuredHost host) =>
        metric.IsTimed && !host.TimesAreReal ? $"{metric.Symbol} ({host.Accelerator})" : metric.Symbol;

    private static string Made(MeasuredArtefact artefact) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{artefact.Form}: {artefact.Bytes / 1e6:0.0} MB; {artefact.Made ?? "the image does not say how"}"
        );

    private static IEnumerable<string> Facts(MeasureResult result)
    {
        foreach (
            IGrouping<string, string> fact in result
                .Done.OrderBy(run => run.Cell)
                .SelectMany(run => run.Facts.Select(fact => (Fact: fact, Cell: result.Cells[run.Cell].ToString())))
                .GroupBy(fact => fact.Fact, fact => fact.Cell, StringComparer.Ordinal)
        )
        {
            List<string> whose = [.. fact.Distinct(StringComparer.Ordinal)];
            yield return whose.Count == result.Cells.Count ? fact.Key : $"{fact.Key} ({string.Join(", ", whose)})";
        }
    }

    private static string RunName(MeasureResult result, MeasuredRun run) => $"{result.Cells[run.Cell]}, round {run.Round}";

    private static string Clock(MeasuredHost host) => host.TimesAreReal ? "" : $", under {host.Accelerator}";
}
