using Rootcast.Contract;
using Rootcast.Lab.Boots;

namespace Rootcast.Vm.Tests;

public class EmulatorCrashTests
{
    private static readonly BootReport Crash = new()
    {
        Ending = BootEnding.QemuExited,
        Marks = [],
        FailureScreen = [],
        Events = [],
        ConsoleLog = "",
        Complaints = "qemu-system-x86_64: system/physmem.c:2678: iotlb_to_section: Assertion `section_index < d->map.sections_nb' failed.",
    };

    [Fact]
    public async Task OnlyABootThatTheEmulatorEndedBeforeInitIsDoneAgainAndOnlyOnce()
    {
        Assert.Equal(2, await Boots(Crash));
        Assert.Equal(1, await Boots(Crash with { Marks = [new Mark(Marks.InitStart, TimeSpan.FromSeconds(1))] }));
        Assert.Equal(1, await Boots(Crash with { Complaints = "qemu-system-x86_64: -drive: no such file" }));
        Assert.Equal(1, await Boots(Crash with { Ending = BootEnding.Failed }));
    }

    private static async Task<int> Boots(BootReport report)
    {
        int count = 0;
        BootReport last = await EmulatorCrash.RetryAsync(() =>
        {
            count++;
            return Task.FromResult(report);
        });
        Assert.Same(report, last);
        return count;
    }
}
