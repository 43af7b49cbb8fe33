using Rootcast.Lab.Boots;

namespace Rootcast.Vm.Tests;

/// <summary>
/// What QEMU 10.0 with several processors under TCG now and then does to a guest while its kernel starts. It aborts by an assertion of its own (one boot in
/// some thousand: <c>iotlb_to_section: Assertion …</c>, <c>msix_table_mmio_write: Assertion …</c>), when one processor uses a translation that the other has
/// just replaced. Or a timer interrupt stays in service with no handler running (one boot of 201, three at once on two processors; <c>info lapic</c> of a
/// processor that sleeps: <c>ISR 236</c>): nothing of that priority or below reaches the processor any more, and it wakes only for the other one's stall detector
/// (kernel/rcu/tree_stall.h).
/// </summary>
internal static class EmulatorFault
{
    /// <summary>Only said of a timer that should long have fired: a kernel that waits for something else doesn't write this.</summary>
    private const string TimerIsLost = "kthread timer wakeup didn't happen for";

    /// <summary>Boots, and once more when the emulator failed before anything of ours ran: that boot said nothing of Rootcast. Its console is kept beside the
    /// other's, with <c>.fault</c> behind its name.</summary>
    public static async Task<BootReport> RetryAsync(Func<Task<BootReport>> boot)
    {
        BootReport report = await boot();
        if (Of(report) is not { } fault)
        {
            return report;
        }
        TestContext.Current.SendDiagnosticMessage($"booted again, for {fault}");
        if (File.Exists(report.ConsoleLog))
        {
            File.Move(report.ConsoleLog, report.ConsoleLog + ".fault", overwrite: true);
        }
        return await boot();
    }

    /// <summary>What the emulator did; null when it was not that, or init's first mark had come.</summary>
    private static string? Of(BootReport report) =>
        report switch
        {
            { Marks.Count: > 0 } => null,
            { Ending: BootEnding.QemuExited } when report.Complaints.Contains(": Assertion `", StringComparison.Ordinal) =>
                $"QEMU aborted: {report.Complaints}",
            { Ending: BootEnding.Deadline } when SaysThatTheTimerIsLost(report.ConsoleLog) =>
                $"a processor gets no more timer interrupts: {report.ConsoleLog}.fault",
            _ => null,
        };

    private static bool SaysThatTheTimerIsLost(string console) =>
        File.Exists(console) && File.ReadLines(console).Any(line => line.Contains(TimerIsLost, StringComparison.Ordinal));
}
