using Rootcast.Contract;
using Rootcast.Lab.Boots;

namespace Rootcast.Vm.Tests;

public sealed class EmulatorFaultTests : IDisposable
{
    private static readonly Mark First = new(Marks.InitStart, TimeSpan.FromSeconds(1));

    private readonly string directory = Directory.CreateTempSubdirectory("rootcast-").FullName;
    private readonly BootReport crash;

    public EmulatorFaultTests() =>
        crash = new()
        {
            Ending = BootEnding.QemuExited,
            Marks = [],
            FailureScreen = [],
            Events = [],
            ConsoleLog = Path.Combine(directory, "console.log"),
            Complaints =
                "qemu-system-x86_64: system/physmem.c:2678: iotlb_to_section: Assertion `section_index < d->map.sections_nb' failed.",
        };

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task OnlyABootThatTheEmulatorEndedBeforeInitIsDoneAgainAndOnlyOnce()
    {
        Assert.Equal(2, await Boots(crash));
        Assert.Equal(1, await Boots(crash with { Marks = [First] }));
        Assert.Equal(1, await Boots(crash with { Complaints = "qemu-system-x86_64: -drive: no such file" }));
        Assert.Equal(1, await Boots(crash with { Ending = BootEnding.Failed }));
    }

    [Fact]
    public async Task SoIsOneWhoseKernelWaitedForItsTimer()
    {
        BootReport late = crash with { Ending = BootEnding.Deadline, Complaints = "" };
        const string Stall =
            "[   43.118461] rcu: rcu_preempt kthread timer wakeup didn't happen for 5253 jiffies! g-1163 f0x0 RCU_GP_WAIT_FQS(5) ->state=0x402\n";
        Assert.Equal(2, await Boots(late, Stall));
        Assert.Equal(Stall, await File.ReadAllTextAsync(late.ConsoleLog + ".fault", TestContext.Current.CancellationToken));
        Assert.Equal(1, await Boots(late with { Marks = [First] }, Stall));
        Assert.Equal(1, await Boots(late with { Ending = BootEnding.Panicked }, Stall));
        Assert.Equal(1, await Boots(late, "[   43.118461] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:\n"));
        Assert.Equal(1, await Boots(late));
    }

    /// <summary>How often a boot is done that ends so each time.</summary>
    private static async Task<int> Boots(BootReport report, string? console = null)
    {
        int count = 0;
        File.Delete(report.ConsoleLog);
        BootReport last = await EmulatorFault.RetryAsync(async () =>
        {
            count++;
            if (console is not null)
            {
                await File.WriteAllTextAsync(report.ConsoleLog, console);
            }
            return report;
        });
        Assert.Same(report, last);
        return count;
    }
}
