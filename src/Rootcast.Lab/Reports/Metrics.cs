using Rootcast.Contract;
using Rootcast.Lab.Measuring;

namespace Rootcast.Lab.Reports;

/// <summary>Every figure of a run, in the order of the reports. docs/measuring.md says of each where it comes from.</summary>
public static class Metrics
{
    /// <summary>Kernel, initrd and artefact.</summary>
    public static Metric Delivered { get; } =
        new("delivered", "delivered", MetricGroup.Delivery, MetricUnit.Bytes, run => run.Delivery?.Total);

    /// <summary>The artefact alone.</summary>
    public static Metric Artefact { get; } =
        new("artefact", "of it artefact", MetricGroup.Delivery, MetricUnit.Bytes, run => run.Delivery?.Payload + run.Delivery?.Artefact);

    /// <summary>In use at <c>ready</c>.</summary>
    public static Metric UsedAtReady { get; } = Used("used-ready", "in use at ready", Marks.Ready);

    /// <summary>In use when the workload has written its file.</summary>
    public static Metric UsedAfterWorkload { get; } = Used("used-workload", "after the workload", "workload");

    /// <summary>The most that init saw in use.</summary>
    public static Metric InitPeak { get; } =
        new("init-peak", "most in init", MetricGroup.Memory, MetricUnit.Memory, run => run.InitPeakBytes);

    /// <summary>The most in use at any moment until <c>ready</c>.</summary>
    public static Metric PeakInUse { get; } =
        new("peak-used", "most in use until ready", MetricGroup.Memory, MetricUnit.Memory, run => run.PeakInUseBytes);

    /// <summary>The most that was not free at any moment until <c>ready</c>.</summary>
    public static Metric PeakNotFree { get; } =
        new("peak-not-free", "most not free until ready", MetricGroup.Memory, MetricUnit.Memory, run => run.PeakNotFreeBytes);

    /// <summary>Touched pages of the machine.</summary>
    public static Metric Touched { get; } = new("touched", "touched", MetricGroup.Memory, MetricUnit.Memory, run => run.TouchedBytes);

    /// <summary>From the kernel's start to <c>ready</c>.</summary>
    public static Metric Ready { get; } = new("ready", "ready", MetricGroup.Boot, MetricUnit.Time, run => run.TimeOf(Marks.Ready));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        Delivered,
        Artefact,
        new("served", "served by http", MetricGroup.Delivery, MetricUnit.Bytes, run => run.Delivery?.Served),
        new("received", "received until ready", MetricGroup.Delivery, MetricUnit.Bytes, run => run.Delivery?.Received),
        new("disk-read", "read of disks until ready", MetricGroup.Delivery, MetricUnit.Bytes, run => run.Delivery?.DiskRead),
        Used("used-root-mounted", "in use, root mounted", Marks.RootMounted),
        UsedAtReady,
        new(
            "not-free-ready",
            "not free at ready",
            MetricGroup.Memory,
            MetricUnit.Memory,
            run => run.MemoryAt(Marks.Ready) is { } at ? at.Total - at.Free : null
        ),
        Used("used-read", "all was read", "read"),
        Used("used-written", "zeros written", "written"),
        UsedAfterWorkload,
        InitPeak,
        PeakInUse,
        PeakNotFree,
        Touched,
        Between("firmware", "firmware, loading", run => run.FirmwareMilliseconds),
        Between("kernel", "kernel", run => run.TimeOf(Marks.InitStart)),
        Between("init", "init", run => run.TimeOf(Marks.SwitchRoot) - run.TimeOf(Marks.InitStart)),
        Between("handover", "handover", run => run.TimeOf("systemd-start") - run.TimeOf(Marks.SwitchRoot)),
        Between("systemd", "systemd", run => run.TimeOf(Marks.Ready) - run.TimeOf("systemd-start")),
        Ready,
        Rate("write", "dd"),
        Time("sync", "sync"),
        Rate("copy", "copy"),
        Time("copy-sync", "its sync"),
        Time("create", "1000 files"),
        Time("remove", "removed"),
        Time("walk-cold", "walk, cold"),
        Time("walk-warm", "walk, warm"),
        Rate("read-cold", "read all, cold"),
        Rate("read-warm", "read all, warm"),
        Rate("random-read", "random reads"),
        Rate("random-write", "random writes"),
        Time("stat", "1000 stats"),
    ];

    private static Metric Used(string name, string title, string point) =>
        new(name, title, MetricGroup.Memory, MetricUnit.Memory, run => run.MemoryAt(point)?.InUse);

    private static Metric Between(string name, string title, Func<MeasuredRun, double?> of) =>
        new(name, title, MetricGroup.Boot, MetricUnit.Time, of);

    private static Metric Time(string step, string title) =>
        new(step, title, MetricGroup.Work, MetricUnit.Time, run => run.Step(step)?.Milliseconds);

    private static Metric Rate(string step, string title) =>
        new(
            step,
            title,
            MetricGroup.Work,
            MetricUnit.Rate,
            run => run.Step(step) is { Milliseconds: > 0, Bytes: > 0 } done ? done.Bytes / done.Milliseconds * 1000 : null
        );
}
