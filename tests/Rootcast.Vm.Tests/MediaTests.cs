using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Images.Disks;
using Rootcast.Images.Loaders;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;

namespace Rootcast.Vm.Tests;

/// <summary>What boots by itself: the machine gets a medium and nothing else.</summary>
public sealed class MediaTests(GuestLab lab) : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => directory.DisposeAsync();

    [Fact]
    public Task AnIsoBootsAsCdUnderBios() => IsoBoots(uefi: false, DiskBus.Cd, Carrier.Disk);

    [Theory]
    [Trait("tier", "full")]
    [InlineData(true, DiskBus.Cd, Carrier.Disk)]
    [InlineData(false, DiskBus.Usb, Carrier.Disk)]
    [InlineData(true, DiskBus.Usb, Carrier.Disk)]
    [InlineData(false, DiskBus.Usb, Carrier.Initrd)]
    public Task AnIsoBootsInEveryOtherWay(bool uefi, DiskBus bus, Carrier carrier) => IsoBoots(uefi, bus, carrier);

    [Fact]
    public Task AUkiBoots() => UkiBoots(Carrier.Initrd);

    [Fact]
    public Task AWrittenDiskBootsUnderBios() => WrittenDiskBoots(uefi: false, Form.Disk);

    [Theory]
    [Trait("tier", "full")]
    [InlineData(true, Form.Disk)]
    [InlineData(false, Form.Squashfs)]
    [InlineData(true, Form.Tmpfs)]
    public Task AWrittenDiskBootsInEveryOtherWay(bool uefi, Form form) => WrittenDiskBoots(uefi, form);

    private async Task WrittenDiskBoots(bool uefi, Form form)
    {
        StoredImage image = await lab.ImageAsync(Recipes.Debian);
        string disk = directory.Join("disk.img");
        DiskOrder order = new()
        {
            Image = image.Manifest,
            Boot = Boot(new BootPlan { Form = form, Carrier = Carrier.Disk }, null),
            Target = DiskTarget.Of(disk),
            FileBytes = 3L << 30,
        };
        DiskWriting writing = new(lab.Store, new SilentProgress());
        await writing.WriteAsync(order, DiskWriting.LayoutOf(order), Cancellation);
        UefiFirmware? firmware = FirmwareFor(uefi);
        Machine machine = new() { Uefi = firmware, Disks = [new MachineDisk(disk, IsWritable: true)] };
        Expect.Ready(await lab.BootAsync(machine, $"written-{Names.Of(form)}", Marks.Ready));
    }

    private async Task IsoBoots(bool uefi, DiskBus bus, Carrier carrier)
    {
        StoredImage image = await lab.ImageAsync(Recipes.TwoKernels);
        string iso = directory.Join("image.iso");
        IsoRequest request = new()
        {
            Image = image.Manifest,
            Boots = [Boot(new BootPlan { Form = Form.Squashfs, Carrier = carrier }, GuestLab.GenericKernelOf(image))],
        };
        using (IProgressStage stage = new SilentProgress().Begin(""))
        {
            await IsoImage.WriteAsync(lab.Store, request, iso, stage, Cancellation);
        }
        Expect.Ended(BootEnding.Reached, await BootAsync(iso, bus, uefi, Marks.SwitchRoot));
    }

    private async Task UkiBoots(Carrier carrier)
    {
        StoredImage image = await lab.ImageAsync(Recipes.Debian);
        string uki = directory.Join("image.efi");
        UkiRequest request = new() { Image = image.Manifest, Boot = Boot(new BootPlan { Form = Form.Squashfs, Carrier = carrier }, null) };
        using (IProgressStage stage = new SilentProgress().Begin(""))
        {
            await UkiImage.WriteAsync(lab.Store, request, uki, stage, Cancellation);
        }
        string disk = directory.Join("esp.img");
        await FatImage.MakeAsync(disk, "ESP", 1, null, [("/EFI/BOOT/BOOTX64.EFI", uki)], 0, [], Cancellation);
        Expect.Ended(BootEnding.Reached, await BootAsync(disk, DiskBus.Virtio, uefi: true, Marks.SwitchRoot));
    }

    private static BootRequest Boot(BootPlan plan, string? kernel) =>
        new()
        {
            Plan = plan,
            KernelVersion = kernel,
            Arguments = KernelArguments.Parse("console=ttyS0 panic=-1"),
        };

    private Task<BootReport> BootAsync(string disk, DiskBus bus, bool uefi, string until)
    {
        UefiFirmware? firmware = FirmwareFor(uefi);
        return lab.BootAsync(new Machine { Uefi = firmware, Disks = [new MachineDisk(disk, bus)] }, Path.GetFileName(disk), until);
    }

    private static UefiFirmware? FirmwareFor(bool uefi)
    {
        UefiFirmware? firmware = uefi ? UefiFirmware.Find() : null;
        Assert.SkipUnless(!uefi || firmware is not null, "ovmf is not installed");
        return firmware;
    }
}
