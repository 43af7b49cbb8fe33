namespace Rootcast.Lab.Measuring;

/// <summary>One boot of a cell, with what it showed. A boot that failed has what came before.</summary>
public sealed record MeasuredRun
{
    /// <summary>Which of <see cref="MeasureResult.Cells"/>.</summary>
    public required int Cell { get; init; }

    /// <summary>In which round, from 1.</summary>
    public required int Round { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Whether it got ready and did all that was to be done.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>Why it did not, in a line; null where it did.</summary>
    public string? Failure { get; init; }

    /// <summary>Processes that wanted to run on the host in the minute before it began (/proc/loadavg).</summary>
    public double HostLoad { get; init; }

    /// <summary>What was delivered; null where the machine did not even start.</summary>
    public MeasuredDelivery? Delivery { get; init; }

    /// <summary>From QEMU's start to the kernel's: firmware, and loading kernel and initrd. By this host's clock, from the mark that was told with the least
    /// delay; null without any.</summary>
    public double? FirmwareMilliseconds { get; init; }

    /// <summary>The marks, and systemd's own stages, by their time.</summary>
    public IReadOnlyList<MeasuredMark> Marks { get; init; } = [];

    /// <summary>Memory at those moments at which it was looked at.</summary>
    public IReadOnlyList<MemoryPoint> Memory { get; init; } = [];

    /// <summary>The most memory in use that init saw; null where it did not say.</summary>
    public long? InitPeakBytes { get; init; }

    /// <summary>The least MemFree that init saw; null where it did not say.</summary>
    public long? InitLeastFreeBytes { get; init; }

    /// <summary>The most that init itself had resident; null where it did not say.</summary>
    public long? InitResidentBytes { get; init; }

    /// <summary>How often memory was looked at between handover and <c>ready</c>.</summary>
    public int Samples { get; init; }

    /// <summary>The least MemFree of these samples; null without any.</summary>
    public long? LeastFreeBytes { get; init; }

    /// <summary>The least MemAvailable of these samples; null without any.</summary>
    public long? LeastAvailableBytes { get; init; }

    /// <summary>The most that was not free (MemTotal − MemFree) until <c>ready</c>, in init and after; null where nothing was sampled.</summary>
    public long? PeakNotFreeBytes =>
        LeastFreeBytes is { } after && MemoryAt(Contract.Marks.Ready) is { } ready
            ? ready.Total - Math.Min(Math.Min(after, ready.Free), InitLeastFreeBytes ?? long.MaxValue)
            : null;

    /// <summary>The most that was in use (MemTotal − MemAvailable) until <c>ready</c>, in init and after; null where nothing was sampled.</summary>
    public long? PeakInUseBytes =>
        LeastAvailableBytes is { } after && MemoryAt(Contract.Marks.Ready) is { } ready
            ? Math.Max(Math.Max(ready.Total - after, ready.InUse), InitPeakBytes ?? 0)
            : null;

    /// <summary>Memory of the guest that was touched until the end of the run, as its hypervisor sees it; null where it was not counted.</summary>
    public long? TouchedBytes { get; init; }

    /// <summary>The steps of the workload.</summary>
    public IReadOnlyList<MeasuredStep> Steps { get; init; } = [];

    /// <summary>Who held the memory, at each point at which that was asked.</summary>
    public IReadOnlyList<MeasuredFootprint> Footprints { get; init; } = [];

    /// <summary>What the guest said of itself: kernel options, page size, mounts.</summary>
    public IReadOnlyList<string> Facts { get; init; } = [];

    /// <summary>What of the workload could not be done, in the guest's words.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The guest's console, below the directory of the result.</summary>
    public string? ConsoleLog { get; init; }

    /// <summary>The time of a mark in milliseconds; null where it did not come.</summary>
    public double? TimeOf(string mark)
    {
        foreach (MeasuredMark seen in Marks)
        {
            if (seen.Name == mark)
            {
                return seen.Milliseconds;
            }
        }
        return null;
    }

    /// <summary>Memory at that point; null where it was not looked at.</summary>
    public MemoryPoint? MemoryAt(string point) => Memory.FirstOrDefault(memory => memory.Name == point);

    /// <summary>That step; null where it was not done.</summary>
    public MeasuredStep? Step(string name) => Steps.FirstOrDefault(step => step.Name == name);
}
