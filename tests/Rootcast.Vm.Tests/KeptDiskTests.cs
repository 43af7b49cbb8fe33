using Rootcast.Contract;
using Rootcast.Images.Disks;
using Rootcast.Images.Tools;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Running;

namespace Rootcast.Vm.Tests;

/// <summary>What a machine keeps on a disk is unmounted when it switches off: no journal is left to replay.</summary>
public class KeptDiskTests(GuestLab lab)
{
    private const string Label = "KEPT";

    [Fact]
    public Task TheDeviceOfAnOverlayIsCleanAfterTheEnd() => OverlayAsync(Form.Squashfs);

    [Fact]
    [Trait("tier", "full")]
    public Task TheDeviceOfASnapshotIsCleanAfterTheEnd() => OverlayAsync(Form.Livefs);

    [Fact]
    [Trait("tier", "full")]
    public async Task ADiskIsCleanAfterTheEnd()
    {
        using LabDirectory directory = new();
        string disk = directory.File("disk");
        DiskImage.Expand(await lab.ArtefactAsync(Form.Disk), disk, TestContext.Current.CancellationToken);
        await EndAsync(
            new Scenario
            {
                Form = Form.Disk,
                Plan = new BootPlan { Form = Form.Disk, Device = "/dev/vda" },
            },
            disk
        );
    }

    private async Task OverlayAsync(Form form)
    {
        using LabDirectory directory = new();
        string disk = directory.File("disk");
        // The store of a snapshot has room for all of the image.
        string size = form == Form.Livefs ? "4G" : "256M";
        await new Tool("mke2fs", "-q", "-t", "ext4", "-L", Label, disk, size).RunAsync(TestContext.Current.CancellationToken);
        await EndAsync(
            new Scenario
            {
                Form = form,
                Plan = new BootPlan
                {
                    Form = form,
                    Device = "/dev/vdb",
                    Overlay = $"LABEL={Label}",
                },
            },
            disk,
            await lab.ArtefactAsync(form)
        );
    }

    private async Task EndAsync(Scenario scenario, string kept, params string[] others)
    {
        BootReport report = await lab.BootAsync(
            scenario with
            {
                Carrier = Carrier.Disk,
                Disks = [new MachineDisk(kept, IsWritable: true), .. others.Select(path => new MachineDisk(path))],
                Arguments = "vm.cell=poweroff",
                Deadline = 2 * GuestLab.Deadline,
                Until = null,
            }
        );
        Expect.Ended(BootEnding.PoweredOff, report);
        Expect.CleanEnd(report);
        // Mounted once and written to, or the rest would say nothing.
        string state = await new Tool("dumpe2fs", "-h", kept).ReadAsync(TestContext.Current.CancellationToken);
        Assert.Matches("Mount count: +1\n", state);
        Assert.DoesNotContain("needs_recovery", state, StringComparison.Ordinal);
        await new Tool("e2fsck", "-f", "-n", kept).RunAsync(TestContext.Current.CancellationToken);
    }
}
