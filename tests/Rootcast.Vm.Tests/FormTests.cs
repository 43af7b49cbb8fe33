using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;

namespace Rootcast.Vm.Tests;

public class FormTests(GuestLab lab)
{
    /// <summary>Each carrier, and each form by one that <see cref="ATreeWithEverythingIsTheSameAfterTheBoot"/> does not boot it by.</summary>
    public static TheoryData<Form, Carrier> Pairs { get; } =
        new(
            (Form.Squashfs, Carrier.Initrd),
            (Form.Squashfs, Carrier.Disk),
            (Form.Squashfs, Carrier.Http),
            (Form.Tmpfs, Carrier.Http),
            (Form.Ramdisk, Carrier.Disk),
            (Form.Livefs, Carrier.Http),
            (Form.Erofs, Carrier.Disk),
            (Form.Zram, Carrier.Http)
        );

    /// <summary>All others; pools have a tree and tests of their own (<see cref="PoolTests"/>).</summary>
    public static TheoryData<Form, Carrier> OtherPairs { get; } =
        new(
            from form in Enum.GetValues<Form>()
            from carrier in Enum.GetValues<Carrier>()
            where FormCarriers.Fit(form, carrier) && !FormCarriers.IsPool(form) && !Pairs.Any(row => row.Data == (form, carrier))
            select (form, carrier)
        );

    [Theory]
    [MemberData(nameof(Pairs))]
    public Task EveryFormBecomesReady(Form form, Carrier carrier) => BecomesReadyAsync(form, carrier);

    [Theory]
    [Trait("tier", "full")]
    [MemberData(nameof(OtherPairs))]
    public Task EveryFormBecomesReadyByEveryCarrier(Form form, Carrier carrier) => BecomesReadyAsync(form, carrier);

    private async Task BecomesReadyAsync(Form form, Carrier carrier)
    {
        BootReport report = await lab.ReadyAsync(form, carrier);
        Assert.NotNull(report.Memory);
        string[] order = [Marks.InitStart, Marks.Modules, Marks.ArtefactFound, Marks.RootMounted, Marks.SwitchRoot, Marks.Ready];
        TimeSpan[] times = [.. order.Select(mark => report.TimeOf(mark) ?? TimeSpan.MinValue)];
        Assert.Equal(times.Order(), times);
        Assert.True(times[0] > TimeSpan.Zero, Expect.Describe(report));
    }

    [Theory]
    [InlineData(Form.Tmpfs)]
    [InlineData(Form.Ramdisk)]
    [InlineData(Form.Livefs)]
    [InlineData(Form.Squashfs)]
    [InlineData(Form.Erofs)]
    [InlineData(Form.Zram)]
    [InlineData(Form.Disk)]
    [InlineData(Form.Initramfs)]
    public async Task ATreeWithEverythingIsTheSameAfterTheBoot(Form form)
    {
        Carrier carrier = FormCarriers.Fit(form, Carrier.Initrd) ? Carrier.Initrd : Carrier.Disk;
        BootReport report = await lab.BootAsync(
            new Scenario
            {
                Form = form,
                Carrier = carrier,
                Arguments = "vm.check",
            }
        );
        Expect.Ready(report);
        foreach (string check in (string[])["odd", "write", "units", "initramfs"])
        {
            Expect.Check(report, check);
        }
        if (form == Form.Tmpfs)
        {
            Expect.Check(report, "remount");
        }
    }

    [Fact]
    [Trait("tier", "full")]
    public async Task ALivefsMayHoldABtrfs()
    {
        BootReport report = await lab.BootAsync(
            new Scenario
            {
                Form = Form.Livefs,
                Carrier = Carrier.Initrd,
                Recipe = Recipes.LivefsOfBtrfs,
                Plan = new BootPlan { Form = Form.Livefs, OverlaySize = SizeBound.Bytes(300 << 20) },
                Arguments = "vm.check",
            }
        );
        Expect.Ready(report);
        foreach (string check in (string[])["odd", "write", "units", "initramfs"])
        {
            Expect.Check(report, check);
        }
        Assert.Contains($"{300 << 20} bytes can be written to the root", File.ReadAllText(report.ConsoleLog), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TmpfsTakesLessMemoryThanRamdiskWithTheSameTree()
    {
        BootReport tmpfs = await lab.ReadyAsync(Form.Tmpfs, Carrier.Http);
        BootReport ramdisk = await lab.ReadyAsync(Form.Ramdisk, Carrier.Http);
        Assert.True(
            tmpfs.Memory!.Used < ramdisk.Memory!.Used,
            $"tmpfs {tmpfs.Memory.Used >> 20} MiB, ramdisk {ramdisk.Memory.Used >> 20} MiB"
        );
    }

    /// <summary>A system takes some 140 MiB whatever holds its root, so the ratio depends on the tree: this is one of the size that docs/budgets.md names.</summary>
    [Fact]
    [Trait("tier", "full")]
    public async Task ZramTakesAtMostSixTenthsOfTmpfs()
    {
        Scenario scenario = new() { Recipe = Recipes.WithItsKernel, Carrier = Carrier.Http };
        BootReport zram = await lab.BootAsync(scenario with { Form = Form.Zram });
        BootReport tmpfs = await lab.BootAsync(scenario with { Form = Form.Tmpfs });
        Expect.Ready(zram);
        Expect.Ready(tmpfs);
        string both = $"zram {zram.Memory!.InUse >> 20} MiB, tmpfs {tmpfs.Memory!.InUse >> 20} MiB";
        TestContext.Current.SendDiagnosticMessage(both);
        Assert.True(zram.Memory.InUse <= tmpfs.Memory.InUse * 0.60, both);
    }

    [Theory]
    [InlineData(Carrier.Http)]
    [InlineData(Carrier.Initrd)]
    public async Task TmpfsNeverHoldsTheTreeTwice(Carrier carrier)
    {
        BootReport report = await lab.ReadyAsync(Form.Tmpfs, carrier);
        Assert.True(report.InitPeakMemory > 0, "init did not say how much memory was in use");
        Assert.True(
            report.InitPeakMemory <= report.Memory!.InUse * 1.10,
            $"{report.InitPeakMemory >> 20} MiB while unpacking, {report.Memory.InUse >> 20} MiB when ready"
        );
        Assert.InRange(report.InitPeakResident, 1, 20_000_000);
    }

    [Theory]
    [InlineData(DiskBus.Sata)]
    [InlineData(DiskBus.Nvme)]
    [InlineData(DiskBus.Usb)]
    public async Task ADiskIsFoundOnEveryBus(DiskBus bus) =>
        Expect.Ended(
            BootEnding.Reached,
            await lab.BootAsync(
                new Scenario
                {
                    Carrier = Carrier.Disk,
                    Bus = bus,
                    Recipe = Recipes.TwoKernels,
                    // The cloud kernel has no drivers for such controllers.
                    GenericKernel = bus != DiskBus.Nvme,
                    Until = Marks.SwitchRoot,
                }
            )
        );

    [Theory]
    [InlineData(Form.Tmpfs)]
    [InlineData(Form.Ramdisk)]
    [InlineData(Form.Squashfs)]
    public async Task TheArtefactMayBeAFileOnAFileSystem(Form form) =>
        Expect.Ready(
            await lab.BootAsync(
                new Scenario
                {
                    Form = form,
                    Carrier = Carrier.Disk,
                    DiskContent = DiskContent.File,
                }
            )
        );

    [Fact]
    [Trait("tier", "full")]
    public async Task ErofsNeedsNoLoopDeviceWhereTheKernelMountsFiles()
    {
        BootReport report = await lab.BootAsync(
            new Scenario
            {
                Form = Form.Erofs,
                Carrier = Carrier.Disk,
                DiskContent = DiskContent.File,
                Recipe = Recipes.ErofsOnANewerKernel,
            }
        );
        Expect.Ready(report);
        Assert.Contains("is mounted without a loop device", File.ReadAllText(report.ConsoleLog), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThePlanMayStandInTheInitrd() =>
        Expect.Ended(BootEnding.Reached, await lab.BootAsync(new Scenario { PlanPlace = PlanPlace.Segment, Until = Marks.SwitchRoot }));
}
