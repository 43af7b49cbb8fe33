using Rootcast.Contract;
using Rootcast.Lab.Boots;

namespace Rootcast.Cli.Data;

/// <summary>One boot: a row of <c>try --json</c>, and what <c>boot --json</c> prints. Memory in bytes, times since the kernel's start.</summary>
/// <param name="Form">Name of the form.</param>
/// <param name="Carrier">Name of the carrier.</param>
/// <param name="Ready">Whether the guest's system reached its default target.</param>
/// <param name="Ending">How the watching ended: <c>reached</c>, <c>failed</c>, <c>reset</c>, …</param>
/// <param name="DeliveredBytes">Kernel, initrd and root.</param>
/// <param name="MemoryUsed">MemTotal − MemAvailable at <c>ready</c>.</param>
/// <param name="MemoryUsedFree">MemTotal − MemFree at <c>ready</c>.</param>
/// <param name="InitPeakMemory">The most memory in use (MemTotal − MemAvailable, less free pages on the processors' own lists) while init worked.</param>
/// <param name="InitPeakResident">The most that init itself had resident.</param>
/// <param name="KernelToInitMs">Mark <c>init-start</c>.</param>
/// <param name="RootMountedMs">Mark <c>root-mounted</c>.</param>
/// <param name="SwitchRootMs">Mark <c>switch-root</c>.</param>
/// <param name="ReadyMs">Mark <c>ready</c>.</param>
/// <param name="WriteBytes">Size of the file of the write test.</param>
/// <param name="WriteBytesPerSecond">Its throughput, without the sync.</param>
/// <param name="SyncMs">The sync after it.</param>
/// <param name="Marks">Every mark, in milliseconds.</param>
/// <param name="FailureScreen">What init showed when the boot failed.</param>
/// <param name="ConsoleLog">The guest's console.</param>
internal sealed record BootData(
    string Form,
    string Carrier,
    bool Ready,
    string Ending,
    long DeliveredBytes,
    long? MemoryUsed,
    long? MemoryUsedFree,
    long? InitPeakMemory,
    long? InitPeakResident,
    double? KernelToInitMs,
    double? RootMountedMs,
    double? SwitchRootMs,
    double? ReadyMs,
    long? WriteBytes,
    double? WriteBytesPerSecond,
    double? SyncMs,
    IReadOnlyDictionary<string, double> Marks,
    IReadOnlyList<string>? FailureScreen,
    string ConsoleLog
)
{
    public static BootData Of(Form form, Carrier carrier, BootReport report)
    {
        Dictionary<string, double> marks = new(StringComparer.Ordinal);
        foreach (Mark mark in report.Marks)
        {
            marks.TryAdd(mark.Name, Milliseconds(mark.Time));
        }
        return new BootData(
            Names.Of(form),
            Names.Of(carrier),
            report.Ready,
            EndingName(report.Ending),
            report.DeliveredBytes,
            report.Memory?.Used,
            report.Memory?.UsedFree,
            report.InitPeakMemory > 0 ? report.InitPeakMemory : null,
            report.InitPeakResident > 0 ? report.InitPeakResident : null,
            At(Contract.Marks.InitStart),
            At(Contract.Marks.RootMounted),
            At(Contract.Marks.SwitchRoot),
            At(Contract.Marks.Ready),
            report.Write?.Bytes,
            report.Write is { } write ? Math.Round(write.BytesPerSecond) : null,
            report.Write is { } test ? Milliseconds(test.Sync) : null,
            marks,
            report.FailureScreen.Count > 0 ? report.FailureScreen : null,
            report.ConsoleLog
        );

        double? At(string mark) => report.TimeOf(mark) is { } time ? Milliseconds(time) : null;
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

    private static string EndingName(BootEnding ending) =>
        ending switch
        {
            BootEnding.Reached => "reached",
            BootEnding.Failed => "failed",
            BootEnding.Reset => "reset",
            BootEnding.PoweredOff => "powered-off",
            BootEnding.Panicked => "panicked",
            BootEnding.QemuExited => "qemu-exited",
            _ => "deadline",
        };
}
