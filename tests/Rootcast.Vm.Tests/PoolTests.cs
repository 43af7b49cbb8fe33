using Rootcast.Contract;
using Rootcast.Images.Disks;
using Rootcast.Images.Tools;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;

namespace Rootcast.Vm.Tests;

/// <summary>A root in a ZFS pool: what did not work in 2007, and pools that are not whole.</summary>
/// <param name="lab">The lab.</param>
/// <param name="form">Who has the pool.</param>
public abstract class PoolTests(GuestLab lab, Form form)
{
    /// <summary>Another machine.</summary>
    private static readonly Guid Another = new("0f0e0d0c-0b0a-4908-8706-050403020100");

    private static readonly Guid Own = new("00010203-0405-4607-8809-0a0b0c0d0e0f");

    /// <summary>The lab.</summary>
    protected GuestLab Lab => lab;

    /// <summary>What is checked in a first boot; the next one looks whether all is <c>kept</c> and <c>healthy</c>.</summary>
    protected abstract string[] Checks { get; }

    /// <summary>Devices, setuid, packages, dbus, shared mappings, file systems mounted later, small files; then a clean end, after which the pool is taken without force and
    /// has the last file.</summary>
    [Fact]
    public async Task TheListOf2007()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        string[] disks = await DisksOfAsync(directory, "single");
        BootReport first = await BootAsync("single", "reboot", "", disks, Checks);
        ExpectEnd(first, BootEnding.Reset, Checks);
        string[] again = ["kept", "healthy", "atboot"];
        ExpectEnd(await BootAsync("single", "poweroff", "", disks, again), BootEnding.PoweredOff, again);
    }

    /// <summary>sysvinit is led to the same end as systemd: another machine takes the pool without force, and what was written last is in it.</summary>
    [Fact]
    public async Task ATreeWithSysvinitExportsItsPool()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        string recipe = Recipes.WithSysvinit(Recipes.Pool(form, "single"));
        string[] disks = await DisksAsync(directory, recipe);
        Scenario scene = Scene("single", "reboot", "", disks, "written") with { Recipe = recipe, MachineId = Own };
        ExpectEnd(await BootAsync(scene), BootEnding.Reset, "written");
        Scenario another = Scene("single", "poweroff", "", disks, "kept", "healthy") with { Recipe = recipe, MachineId = Another };
        ExpectEnd(await BootAsync(another), BootEnding.PoweredOff, "kept", "healthy");
    }

    /// <summary>Files of a kernel's source.</summary>
    protected abstract int SmallFiles { get; }

    [Fact]
    public async Task AKernelTreesWorthOfFilesIsUnpackedAndRead()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        string[] disks = await DisksOfAsync(directory, "single");
        Scenario scene = Scene("single", "poweroff", $"vm.files={SmallFiles}", disks, "tree") with { Deadline = 40 * GuestLab.Deadline };
        ExpectEnd(await BootAsync(scene), BootEnding.PoweredOff, "tree");
    }

    [Fact]
    public async Task ItEndsCleanlyWithoutMemory()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        string[] disks = await DisksOfAsync(directory, "single");
        ExpectEnd(await BootAsync("single", "poweroff", "vm.pressure", disks, "bus"), BootEnding.PoweredOff, "bus");
    }

    [Theory]
    [InlineData("mirror", 0)]
    [InlineData("mirror", 1)]
    [InlineData("raidz1", 0)]
    public Task ItBootsWithoutADisk(string layout, int absent) => BootsWithoutAsync(layout, absent);

    /// <summary>A pool that lacks disks boots degraded, says so, and ends clean.</summary>
    /// <param name="layout">How its disks are put together.</param>
    /// <param name="absent">Numbers of the disks that are not attached.</param>
    protected async Task BootsWithoutAsync(string layout, params int[] absent)
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        string[] disks = await DisksOfAsync(directory, layout);
        string[] left = [.. disks.Where((_, number) => !absent.Contains(number))];
        string[] checks = ["degraded", "written"];
        BootReport report = await BootAsync(layout, "poweroff", "rootcast.timeout=3", left, checks);
        ExpectEnd(report, BootEnding.PoweredOff, checks);
        Assert.Contains("is DEGRADED after 3 s", await ConsoleOf(report), StringComparison.Ordinal);
    }

    /// <summary>A pool with too few disks is said, with what it lacks.</summary>
    [Fact]
    public async Task TooFewDisksAreOnTheFailureScreen()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        string[] disks = await DisksOfAsync(directory, "raidz1");
        BootReport report = await BootAsync("raidz1", "poweroff", "rootcast.timeout=2 rootcast.countdown=1", [disks[0]]);
        Expect.Failed(report, "pool rpool is UNAVAIL", "Attach the disks");
    }

    [Fact]
    public async Task YesterdaysRootIsOneParameterAway()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        string[] disks = await DisksOfAsync(directory, "single");
        ExpectEnd(await BootAsync("single", "poweroff", "vm.snapshot", disks), BootEnding.PoweredOff);
        BootReport report = await BootAsync("single", "poweroff", "rootcast.zfs=rpool rootcast.zfs.snapshot=before", disks, "alone");
        ExpectEnd(report, BootEnding.PoweredOff, "alone");
        Assert.Contains(report.Events, said => said.Kind == "when" && said.Text == "before");
    }

    [Fact]
    public async Task APoolThatIsNotThereIsOnTheFailureScreen() =>
        Expect.Failed(
            await BootAsync("single", "poweroff", "rootcast.timeout=2 rootcast.countdown=1", []),
            "no ZFS pool after 2 s",
            "rootcast.zfs="
        );

    /// <summary>Every pool here is named rpool: a name is no answer, and a disk of it is.</summary>
    [Fact]
    public async Task APoolBesideAnotherIsNamedByItsDisk()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        await using TemporaryDirectory other = TemporaryDirectory.Create();
        string[] disks = [.. await DisksOfAsync(directory, "single"), .. await DisksOfAsync(other, "mirror")];
        BootReport report = await BootAsync("single", "poweroff", "rootcast.timeout=2 rootcast.countdown=1", disks);
        Expect.Failed(report, "more than one ZFS pool", "rootcast.zfs=");
        ExpectEnd(
            await BootAsync("single", "poweroff", "rootcast.device=/dev/vda", disks, "bus", "healthy"),
            BootEnding.PoweredOff,
            "bus",
            "healthy"
        );
    }

    /// <summary>Machines whose power was cut have not exported their pool: its own takes it, another only when told.</summary>
    [Fact]
    public async Task APoolThatWasNotExportedIsItsOwnMachines()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        string[] disks = await DisksOfAsync(directory, "single");
        Expect.Ended(BootEnding.Reset, await BootAsync("single", "poweroff", "vm.crash", disks, Own));
        BootReport refused = await BootAsync("single", "poweroff", "rootcast.timeout=2 rootcast.countdown=1", disks, Another);
        Expect.Failed(refused, "cannot be imported", "rootcast.zfs.force");
        ExpectEnd(await BootAsync("single", "poweroff", "", disks, Own, "kept"), BootEnding.PoweredOff, "kept");
        Expect.Ended(BootEnding.Reset, await BootAsync("single", "poweroff", "vm.crash", disks, Own));
        ExpectEnd(await BootAsync("single", "poweroff", "rootcast.zfs.force", disks, Another, "kept"), BootEnding.PoweredOff, "kept");
    }

    /// <summary>Half of a mirror has other bytes than were written to it; nothing that is read shows it, and a scrub repairs it.</summary>
    [Fact]
    public async Task FlippedBlocksAreRepaired()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        string[] disks = await DisksOfAsync(directory, "mirror");
        await using (FileStream disk = new(disks[1], FileMode.Open, FileAccess.ReadWrite))
        {
            // Behind the labels and the boot block in front, and before the labels at the end (zpool(8): 4 MiB and 512 KiB).
            const int first = 8 << 20;
            byte[] noise = new byte[1 << 20];
            Random.Shared.NextBytes(noise);
            for (long at = first; at < disk.Length - first; at += 16 << 20)
            {
                disk.Position = at;
                disk.Write(noise);
            }
        }
        string[] checks = ["bus", "scrubbed"];
        ExpectEnd(await BootAsync("mirror", "poweroff", "", disks, checks), BootEnding.PoweredOff, checks);
    }

    /// <summary>A pool without room boots, and ends clean.</summary>
    [Fact]
    public async Task AFullPoolBoots()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        string[] disks = await DisksOfAsync(directory, "single");
        BootReport full = await BootAsync("single", "poweroff", "", disks, "full");
        Expect.Ended(BootEnding.PoweredOff, full);
        Expect.Check(full, "full");
        Expect.Ended(BootEnding.PoweredOff, await BootAsync("single", "poweroff", "vm.readonly", disks, "bus"));
    }

    /// <summary>Asserts an end at which nothing was left, and checks of the guest.</summary>
    protected static void ExpectEnd(BootReport report, BootEnding ending, params string[] checks)
    {
        Expect.Ended(ending, report);
        foreach (string check in (string[])[.. checks, "units"])
        {
            Expect.Check(report, check);
        }
        Expect.CleanEnd(report);
    }

    /// <summary>The disks of a pool, which can be written to.</summary>
    protected Task<string[]> DisksOfAsync(TemporaryDirectory directory, string layout) => DisksAsync(directory, Recipes.Pool(form, layout));

    private async Task<string[]> DisksAsync(TemporaryDirectory directory, string recipe)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "filling a pool takes root");
        ImageArtefact artefact = await lab.FormAsync(form, recipe);
        List<string> disks = [];
        for (int number = 0; number < artefact.Disks; number++)
        {
            disks.Add(directory.Join($"disk{number}"));
            DiskImage.Expand(
                lab.Store.PathOf(artefact.Blob),
                disks[^1],
                number * artefact.DiskBytes,
                artefact.DiskBytes,
                TestContext.Current.CancellationToken
            );
        }
        return [.. disks];
    }

    /// <summary>Boots it.</summary>
    protected Task<BootReport> BootAsync(string layout, string end, string further, string[] disks, params string[] checks) =>
        BootAsync(layout, end, further, disks, null, checks);

    /// <summary>Boots it on one of several machines.</summary>
    protected Task<BootReport> BootAsync(
        string layout,
        string end,
        string further,
        string[] disks,
        Guid? machine,
        params string[] checks
    ) => BootAsync(Scene(layout, end, further, disks, checks) with { MachineId = machine });

    /// <summary>Boots it.</summary>
    protected Task<BootReport> BootAsync(Scenario scenario) => lab.BootAsync(scenario);

    /// <summary>A boot of it.</summary>
    protected Scenario Scene(string layout, string end, string further, string[] disks, params string[] checks) =>
        new()
        {
            Recipe = Recipes.Pool(form, layout),
            Form = form,
            Carrier = Carrier.Disk,
            Plan = new BootPlan { Form = form },
            DiskContent = DiskContent.None,
            Disks = [.. disks.Select(disk => new MachineDisk(disk, IsWritable: true))],
            Arguments = $"{Recipes.DaemonArguments(Names.Of(form), end, checks)} {further}",
            MemoryBytes = 1L << 30,
            Until = null,
            Deadline = 6 * GuestLab.Deadline,
        };

    /// <summary>What was on the console.</summary>
    protected static Task<string> ConsoleOf(BootReport report) =>
        File.ReadAllTextAsync(report.ConsoleLog, TestContext.Current.CancellationToken);
}
