using Rootcast.Lab.Boots;

namespace Rootcast.Vm.Tests;

/// <summary>QEMU 10.0 with several processors under TCG now and then aborts by an assertion of its own while the kernel sets its buses up (one boot in some
/// thousand: <c>iotlb_to_section: Assertion …</c>, <c>msix_table_mmio_write: Assertion …</c>), when one processor uses a translation that the other has just
/// replaced.</summary>
internal static class EmulatorCrash
{
    /// <summary>Boots, and once more when the emulator aborted before anything of ours ran: that boot said nothing of Rootcast.</summary>
    public static async Task<BootReport> RetryAsync(Func<Task<BootReport>> boot)
    {
        BootReport report = await boot();
        if (!IsOne(report))
        {
            return report;
        }
        TestContext.Current.SendDiagnosticMessage($"booted again, for QEMU aborted: {report.Complaints}");
        return await boot();
    }

    /// <summary>Whether a boot ended so, with not even init's first mark.</summary>
    public static bool IsOne(BootReport report) =>
        report is { Ending: BootEnding.QemuExited, Marks.Count: 0 }
        && report.Complaints.Contains(": Assertion `", StringComparison.Ordinal);
}
