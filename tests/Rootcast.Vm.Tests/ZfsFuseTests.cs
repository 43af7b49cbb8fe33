using Rootcast.Contract;
using Rootcast.Images.Disks;
using Rootcast.Images.Tools;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;

namespace Rootcast.Vm.Tests;

/// <summary>A root on ZFS that zfs-fuse serves: what did not work in 2007, and pools that are not whole.</summary>
[Trait("tier", "full")]
public sealed class ZfsFuseTests(GuestLab lab)
{
    private const string Daemon = "zfs-fuse";

    /// <summary>Devices, setuid, packages, dbus, shared mappings, file systems mounted later, small files; then a clean end, after which the pool is taken without force and
    /// has the last file.</summary>
    [Fact]
    public async Task TheListOf2007()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        string disk = await DiskAsync(directory, "disk");
        string[] checks = ["spared", "devices", "written", "packages", "mapped", "bus", "mounts", "tree"];
        BootReport first = await BootAsync("reboot", "", [disk], checks);
        ExpectEnd(first, BootEnding.Reset, checks);
        ExpectEnd(await BootAsync("poweroff", "", [disk], "kept", "healthy"), BootEnding.PoweredOff, "kept", "healthy");
    }

    [Fact]
    public async Task ItEndsCleanlyWithoutMemory()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        ExpectEnd(
            await BootAsync("poweroff", "vm.pressure", [await DiskAsync(directory, "disk")], "spared"),
            BootEnding.PoweredOff,
            "spared"
        );
    }

    /// <summary>One disk becomes a mirror in the running machine, and either half of it boots.</summary>
    [Fact]
    public async Task AMirrorBootsWithoutEitherDisk()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        string one = await DiskAsync(directory, "one");
        string two = directory.Join("two");
        await using (FileStream file = new(two, FileMode.CreateNew))
        {
            file.SetLength(new FileInfo(one).Length);
        }
        ExpectEnd(await BootAsync("poweroff", "vm.attach", [one, two]), BootEnding.PoweredOff, "attached");
        ExpectEnd(await BootAsync("poweroff", "rootcast.timeout=3", [two], "degraded", "kept"), BootEnding.PoweredOff, "degraded", "kept");
    }

    /// <summary>Another pool beside it: its name is enough.</summary>
    [Fact]
    public async Task YesterdaysRootIsOneParameterAway()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        string disk = await DiskAsync(directory, "disk");
        ExpectEnd(await BootAsync("poweroff", "vm.snapshot", [disk]), BootEnding.PoweredOff);
        BootReport report = await BootAsync("poweroff", "rootcast.zfs=rpool rootcast.zfs.snapshot=before", [disk]);
        ExpectEnd(report, BootEnding.PoweredOff);
        Assert.Contains(report.Events, said => said.Kind == "when" && said.Text == "before");
    }

    [Fact]
    public async Task APoolThatIsNotThereIsOnTheFailureScreen() =>
        Expect.Failed(await BootAsync("poweroff", "rootcast.timeout=2 rootcast.countdown=1", []), "no ZFS pool after 2 s", "rootcast.zfs=");

    private static void ExpectEnd(BootReport report, BootEnding ending, params string[] checks)
    {
        Expect.Ended(ending, report);
        foreach (string check in (string[])[.. checks, "units"])
        {
            Expect.Check(report, check);
        }
        Expect.CleanEnd(report);
    }

    private async Task<string> DiskAsync(TemporaryDirectory directory, string name)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "filling a pool takes root");
        string disk = directory.Join(name);
        DiskImage.Expand(await lab.ArtefactAsync(Form.ZfsFuse, Recipes.ZfsFuse), disk, TestContext.Current.CancellationToken);
        return disk;
    }

    private Task<BootReport> BootAsync(string end, string further, string[] disks, params string[] checks) =>
        lab.BootAsync(
            new Scenario
            {
                Recipe = Recipes.ZfsFuse,
                Form = Form.ZfsFuse,
                Carrier = Carrier.Disk,
                Plan = new BootPlan { Form = Form.ZfsFuse },
                DiskContent = DiskContent.None,
                Disks = [.. disks.Select(disk => new MachineDisk(disk, IsWritable: true))],
                Arguments = $"{Recipes.DaemonArguments(Daemon, end, checks)} {further}",
                MemoryBytes = 1L << 30,
                Until = null,
                Deadline = 6 * GuestLab.Deadline,
            }
        );
}
