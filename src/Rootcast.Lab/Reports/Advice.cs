using System.Globalization;
using Rootcast.Contract;
using Rootcast.Lab.Measuring;

namespace Rootcast.Lab.Reports;

/// <summary>Which form and carrier to take for a machine, from a result.</summary>
/// <param name="Best">The one to take.</param>
/// <param name="RunnerUp">The next; null where no other fits.</param>
/// <param name="TooLarge">What does not fit.</param>
/// <param name="Reason">Two sentences.</param>
public sealed record Advice(AdvisedCell Best, AdvisedCell? RunnerUp, IReadOnlyList<AdvisedCell> TooLarge, string Reason)
{
    /// <summary>Transfers that differ by less than this part, or by less than <see cref="SameSeconds"/>, count as the same, and memory decides.</summary>
    private const double SameTransfer = 1.05;

    /// <summary>A difference that nobody who waits for a boot would see.</summary>
    private const double SameSeconds = 0.5;

    /// <summary>A system that has only what is pinned gets nowhere: code must be cached to run. The Debian of docs/example gets ready with 184 MiB as squashfs
    /// by http where 168 are pinned and reserved.</summary>
    private const double Working = 1.1;

    /// <summary>The kernel has 64 bytes for each page of 4 KiB (struct page), which it reserves before MemTotal.</summary>
    private const int MemoryByReserved = 64;

    /// <summary>The advice.</summary>
    /// <exception cref="UserError">Nothing fits, or nothing that was measured says enough.</exception>
    public static Advice Of(MeasureResult result, AdviceRequest request)
    {
        // Others' initramfs are there to be compared with.
        List<AdvisedCell> known =
        [
            .. CellSummary
                .All(result)
                .Where(cell => Names.FormOf(cell.Cell.Form) is not null)
                .Select(cell => Reckon(cell, request))
                .OfType<AdvisedCell>(),
        ];
        // The largest machine that a form was measured on says the most of it: nothing was short there.
        List<AdvisedCell> candidates =
        [
            .. known
                .Where(cell => request.HasDisk || cell.Cell.Carrier != Names.Of(Carrier.Disk))
                .GroupBy(cell => cell.Cell.Title, StringComparer.Ordinal)
                .Select(same => same.MaxBy(cell => cell.Cell.MemoryBytes)!),
        ];
        if (candidates.Count == 0)
        {
            throw new UserError(
                "the result has nothing to choose from for such a machine",
                request.HasDisk
                    ? "Measure first: rootcast measure."
                    : "Measure with --carriers initrd,http, or say --disk if the machine has one.",
                UserErrorKind.Input
            );
        }
        List<AdvisedCell> fitting = [.. candidates.Where(cell => cell.NeededBytes <= request.MemoryBytes)];
        List<AdvisedCell> tooLarge = [.. candidates.Except(fitting).OrderBy(cell => cell.NeededBytes)];
        if (fitting.Count == 0)
        {
            throw new UserError(
                $"none of the {candidates.Count} that were measured fits into {Mebibytes(request.MemoryBytes)} with {Mebibytes(request.RamWritesBytes)} of writes: {tooLarge[0].Cell.Title} comes nearest and needs {Mebibytes(tooLarge[0].NeededBytes)}",
                "Give the machine that much, write less into memory (rootcast.overlay= on a device), or choose a smaller tree."
            );
        }
        double soonest = fitting.Min(cell => cell.TransferSeconds);
        AdvisedCell[] order =
        [
            .. fitting
                .OrderBy(cell => cell.TransferSeconds > Math.Max(soonest * SameTransfer, soonest + SameSeconds) ? cell.TransferSeconds : 0)
                .ThenBy(cell => cell.NeededBytes)
                .ThenBy(cell => cell.DeliveredBytes),
        ];
        AdvisedCell? next = order.Skip(1).FirstOrDefault(cell => cell.Cell.Form != order[0].Cell.Form) ?? order.ElementAtOrDefault(1);
        return new Advice(order[0], next, tooLarge, ReasonOf(order, tooLarge, request));
    }

    /// <summary>What a cell costs, in half a sentence.</summary>
    public static string Cost(AdvisedCell cell, AdviceRequest request)
    {
        string link =
            request.LinkBitsPerSecond is null || cell.Cell.Carrier == Names.Of(Carrier.Disk)
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $" and {cell.DeliveredBytes / 1e6:0.0} MB over the link, {cell.TransferSeconds:0.0} s"
                );
        return $"{(cell.IsSearched ? "" : "about ")}{Mebibytes(cell.NeededBytes)} of memory ({Mebibytes(cell.BaseBytes)} for itself, {Mebibytes(cell.WritesBytes)} for what is written){link}";
    }

    private static AdvisedCell? Reckon(CellSummary cell, AdviceRequest request)
    {
        if (cell.Of(Metrics.UsedAtReady).Count == 0)
        {
            return null;
        }
        bool fromDisk = cell.Cell.Carrier == Names.Of(Carrier.Disk);
        long delivered = fromDisk ? 0 : (long)cell.Of(Metrics.Delivered).Median;
        return new AdvisedCell(
            cell.Cell,
            cell.LeastBytes ?? Base(cell),
            (long)(request.RamWritesBytes * PartOfWrites(cell)),
            delivered,
            request.LinkBitsPerSecond is { } link ? delivered * 8.0 / link : 0,
            cell.LeastBytes is not null
        );
    }

    /// <summary>What a machine must have that holds no more than this cell does: what was reserved before MemTotal, without what grows with the machine, and
    /// what could not be taken back at ready, or before where init held more. Without footprints all that was in use has to count, which includes the
    /// watermarks of a larger machine.</summary>
    private static long Base(CellSummary cell)
    {
        double total = cell.Good.Max(run => run.MemoryAt(Marks.Ready)?.Total ?? 0);
        double used = cell.Of(Metrics.UsedAtReady).Median;
        double before = cell.Of(Metrics.InitPeak) is { Count: > 0 } peak ? Math.Max(0, peak.Median - used) : 0;
        double reserved = cell.Cell.MemoryBytes - total;
        if (Pinned(cell) is not { } pinned)
        {
            return (long)(reserved + used + before);
        }
        double fixedPart = Math.Max(0, reserved - (cell.Cell.MemoryBytes / MemoryByReserved));
        return (long)((fixedPart + pinned + before) * Working * MemoryByReserved / (MemoryByReserved - 1));
    }

    /// <summary>What the kernel could not have taken back at ready, less what the measuring itself held; null without footprints.</summary>
    private static double? Pinned(CellSummary cell)
    {
        Statistics.Sample pinned = Statistics.Sample.Of(
            cell.Good,
            run =>
                run.Footprints.FirstOrDefault(footprint => footprint.Point == Marks.Ready) is { } footprint
                    ? footprint.Rows.Where(row => !row.Reclaimable && !OwnerGroups.IsMeasuring(row)).Sum(row => row.Bytes)
                    : null
        );
        return pinned.Count > 0 ? pinned.Median : null;
    }

    /// <summary>Memory in use by byte that the workload wrote of files as they are; 1 where that was not measured, unless nothing is held in memory.</summary>
    private static double PartOfWrites(CellSummary cell)
    {
        Statistics.Sample parts = Statistics.Sample.Of(
            cell.Good,
            run =>
                run.Step("copy") is { Bytes: > 0 } copy && run.MemoryAt("read") is { } before && run.MemoryAt("workload") is { } after
                    ? (after.InUse - before.InUse) / (double)copy.Bytes
                    : null
        );
        return parts.Count > 0 ? Math.Clamp(parts.Median, 0, 2)
            : Names.FormOf(cell.Cell.Form) is { } form && FormCarriers.IsInPlace(form) ? 0
            : 1;
    }

    private static string ReasonOf(AdvisedCell[] order, List<AdvisedCell> tooLarge, AdviceRequest request)
    {
        string first = $"{order[0].Cell.Title} takes {Cost(order[0], request)}.";
        string what =
            order.Length == 1 ? "It is the only one that fits"
            : request.LinkBitsPerSecond is null ? $"Of {order.Length} that fit it takes the least memory"
            : order[0].TransferSeconds <= order.Min(cell => cell.TransferSeconds)
                ? $"Of {order.Length} that fit it brings the least over the link"
            : $"Of {order.Length} that fit it takes the least memory among those that bring the least over the link";
        string others =
            tooLarge.Count == 0
                ? "."
                : $"; {string.Join(", ", tooLarge.Take(3).Select(cell => $"{cell.Cell.Title} ({Mebibytes(cell.NeededBytes)})"))}{(tooLarge.Count > 3 ? $" and {tooLarge.Count - 3} more" : "")} would not fit into {Mebibytes(request.MemoryBytes)}.";
        return $"{first} {what}{others}";
    }

    private static string Mebibytes(long bytes) => $"{bytes >> 20} MiB";
}
