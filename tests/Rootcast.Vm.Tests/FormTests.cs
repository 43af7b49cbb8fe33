using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;

namespace Rootcast.Vm.Tests;

public class FormTests(GuestLab lab)
{
    public static TheoryData<Form, Carrier> Pairs { get; } =
        new(from form in Enum.GetValues<Form>() from carrier in Enum.GetValues<Carrier>() select (form, carrier));

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task EveryFormBecomesReadyByEveryCarrier(Form form, Carrier carrier)
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
    [InlineData(Form.Squashfs)]
    public async Task ATreeWithEverythingIsTheSameAfterTheBoot(Form form)
    {
        BootReport report = await lab.BootAsync(new Scenario { Form = form, Arguments = "vm.check" });
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
    public async Task TmpfsTakesLessMemoryThanRamdiskWithTheSameTree()
    {
        BootReport tmpfs = await lab.ReadyAsync(Form.Tmpfs, Carrier.Http);
        BootReport ramdisk = await lab.ReadyAsync(Form.Ramdisk, Carrier.Http);
        Assert.True(
            tmpfs.Memory!.Used < ramdisk.Memory!.Used,
            $"tmpfs {tmpfs.Memory.Used >> 20} MiB, ramdisk {ramdisk.Memory.Used >> 20} MiB"
        );
    }

    [Theory]
    [InlineData(Carrier.Http)]
    [InlineData(Carrier.Initrd)]
    public async Task TmpfsNeverHoldsTheTreeTwice(Carrier carrier)
    {
        BootReport report = await lab.ReadyAsync(Form.Tmpfs, carrier);
        Assert.True(report.InitPeakMemory > 0, "init did not say how much memory was in use");
        Assert.True(
            report.InitPeakMemory <= report.Memory!.Used * 1.10,
            $"{report.InitPeakMemory >> 20} MiB while unpacking, {report.Memory.Used >> 20} MiB when ready"
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
    public async Task ThePlanMayStandInTheInitrd() =>
        Expect.Ended(BootEnding.Reached, await lab.BootAsync(new Scenario { PlanPlace = PlanPlace.Segment, Until = Marks.SwitchRoot }));
}
