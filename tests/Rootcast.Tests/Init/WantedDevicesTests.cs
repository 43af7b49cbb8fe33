using Rootcast.Contract;
using Rootcast.Init.Devices;

namespace Rootcast.Tests;

public sealed class WantedDevicesTests
{
    private const string Disk = "virtio:d00000002v00001AF4";
    private const string Network = "virtio:d00000001v00001AF4";
    private const string Port = "virtio:d00000003v00001AF4";
    private const string Ahci = "pci:v00008086d00002922sv00001AF4sd00001100bc01sc06i01";
    private const string Ethernet = "pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00";

    [Theory]
    [InlineData(Carrier.Disk, Disk, true)]
    [InlineData(Carrier.Disk, Ahci, true)]
    [InlineData(Carrier.Disk, Network, false)]
    [InlineData(Carrier.Disk, Ethernet, false)]
    [InlineData(Carrier.Http, Ethernet, true)]
    [InlineData(Carrier.Http, Network, true)]
    [InlineData(Carrier.Http, Disk, false)]
    [InlineData(Carrier.Http, Ahci, false)]
    [InlineData(Carrier.Initrd, Ahci, false)]
    [InlineData(Carrier.Initrd, Disk, false)]
    [InlineData(Carrier.Initrd, "pci:v00001AF4d00001043sv00001AF4sd00001100bc07sc80i00", true)]
    public void Only_what_the_carrier_needs_is_loaded_early(Carrier carrier, string modalias, bool needed) =>
        Assert.Equal(needed, WantedDevices.Needs(Plan(carrier), modalias));

    [Theory]
    [InlineData(Carrier.Disk)]
    [InlineData(Carrier.Http)]
    [InlineData(Carrier.Initrd)]
    public void The_labs_port_is_always_needed(Carrier carrier) => Assert.True(WantedDevices.Needs(Plan(carrier), Port));

    [Theory]
    [InlineData(Carrier.Initrd, Disk, true)]
    [InlineData(Carrier.Initrd, Network, false)]
    [InlineData(Carrier.Http, Disk, true)]
    [InlineData(Carrier.Http, Network, true)]
    [InlineData(Carrier.Disk, Network, false)]
    public void An_overlay_on_a_device_needs_disks_too(Carrier carrier, string modalias, bool needed) =>
        Assert.Equal(needed, WantedDevices.Needs(Plan(carrier) with { Overlay = "LABEL=kept" }, modalias));

    private static BootPlan Plan(Carrier carrier) => new() { Form = Form.Squashfs, Carrier = carrier };
}
