using Rootcast.Contract;
using Rootcast.Lab.Boots;

namespace Rootcast.Vm.Tests;

/// <summary>Roots that a process serves: it is started before the root is mounted, and outlives it.</summary>
public sealed class RootDaemonTests(GuestLab lab)
{
    private const string Squashfuse = "squashfuse";

    /// <summary>Every cache is dropped just before the end, so that whatever systemd looks up while it has stopped all processes must be asked for.</summary>
    [Fact]
    public Task AServedRootWorksAndEndsCleanly() => WorksAndEnds(Carrier.Disk, "reboot", "", "spared", "written");

    [Theory]
    [Trait("tier", "full")]
    [InlineData(Carrier.Disk, "poweroff")]
    [InlineData(Carrier.Initrd, "reboot")]
    [InlineData(Carrier.Http, "poweroff")]
    public Task AServedRootEndsCleanlyByEveryCarrier(Carrier carrier, string end) => WorksAndEnds(carrier, end, "", "spared", "packages");

    [Theory]
    [Trait("tier", "full")]
    [InlineData("reboot")]
    [InlineData("poweroff")]
    public Task AServedRootEndsCleanlyWithoutMemory(string end) => WorksAndEnds(Carrier.Disk, end, "vm.pressure", "spared");

    /// <summary>The next kernel starts, finds no root, and says so: it is there.</summary>
    [Fact]
    [Trait("tier", "full")]
    public async Task AnotherKernelIsStartedAtTheEnd()
    {
        BootPlan plan = new() { Form = Form.Squashfs, Daemon = Squashfuse };
        string arguments = Recipes.DaemonArguments(Squashfuse, "kexec", "spared");
        BootReport report = await BootAsync(Carrier.Disk, plan, arguments, Recipes.RootDaemonKexec);
        Expect.Ended(BootEnding.Reset, report);
        Expect.Check(report, "loaded");
        string console = await ConsoleOf(report);
        int unmounted = console.IndexOf(ConsoleEnd.Unmounted, StringComparison.Ordinal);
        Assert.True(unmounted > 0 && console.IndexOf("Linux version", unmounted, StringComparison.Ordinal) > 0, Expect.Describe(report));
    }

    /// <summary>sysvinit knows of no way back to memory, and is given one.</summary>
    [Theory]
    [Trait("tier", "full")]
    [InlineData("reboot")]
    [InlineData("poweroff")]
    public async Task ATreeWithSysvinitEndsCleanly(string end)
    {
        BootPlan plan = new() { Form = Form.Squashfs, Daemon = Squashfuse };
        string arguments = $"{Recipes.DaemonArguments(Squashfuse, end, "spared", "written")} {(end == "reboot" ? "" : "vm.pressure")}";
        BootReport report = await BootAsync(Carrier.Disk, plan, arguments, Recipes.WithSysvinit(Recipes.RootDaemon));
        Expect.Ended(end == "reboot" ? BootEnding.Reset : BootEnding.PoweredOff, report);
        Expect.Check(report, "spared");
        Expect.Check(report, "written");
        Expect.CleanEnd(report);
    }

    [Fact]
    [Trait("tier", "full")]
    public async Task ADaemonThatEndsIsSaidAtOnce()
    {
        BootPlan plan = new()
        {
            Form = Form.Squashfs,
            Daemon = Squashfuse,
            OnFail = OnFail.Halt,
            Countdown = TimeSpan.FromSeconds(2),
        };
        BootReport report = await BootAsync(Carrier.Disk, plan, Recipes.DaemonArguments(Squashfuse, "reboot") + " vm.kill");
        Expect.Ended(BootEnding.PoweredOff, report);
        string console = await ConsoleOf(report);
        Assert.Contains("the root daemon squashfuse has ended", console, StringComparison.Ordinal);
        Assert.Contains("boom", console, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("tier", "full")]
    [InlineData("absent-file", "ended with", "/nowhere")]
    [InlineData("idle", "has mounted nothing after 5 s", "said nothing")]
    [InlineData("unknown", "no root daemon unknown", "root-daemons")]
    public async Task ADaemonThatDoesNotServeIsOnTheFailureScreen(string daemon, string what, string said)
    {
        BootPlan plan = new()
        {
            Form = Form.Squashfs,
            Daemon = daemon,
            Timeout = TimeSpan.FromSeconds(5),
            Countdown = TimeSpan.FromSeconds(1),
        };
        Expect.Failed(await BootAsync(Carrier.Disk, plan, ""), what, said);
    }

    private async Task WorksAndEnds(Carrier carrier, string end, string further, params string[] checks)
    {
        BootReport report = await BootAsync(
            carrier,
            new BootPlan { Form = Form.Squashfs, Daemon = Squashfuse },
            $"{Recipes.DaemonArguments(Squashfuse, end, checks)} systemd.mask=zfs-fuse.service {further}"
        );
        Expect.Ended(end == "reboot" ? BootEnding.Reset : BootEnding.PoweredOff, report);
        foreach (string check in (string[])[.. checks, "units"])
        {
            Expect.Check(report, check);
        }
        Expect.CleanEnd(report);
    }

    private static Task<string> ConsoleOf(BootReport report) =>
        File.ReadAllTextAsync(report.ConsoleLog, TestContext.Current.CancellationToken);

    private Task<BootReport> BootAsync(Carrier carrier, BootPlan plan, string arguments, string? recipe = null) =>
        lab.BootAsync(
            new Scenario
            {
                Recipe = recipe ?? Recipes.RootDaemon,
                Form = Form.Squashfs,
                Carrier = carrier,
                Plan = plan,
                Arguments = arguments,
                MemoryBytes = 1L << 30,
                Until = null,
                Deadline = 6 * GuestLab.Deadline,
            }
        );
}
