using System.Text;
using Rootcast.Linux.Events;

namespace Rootcast.Tests;

public sealed class UeventTests
{
    [Fact]
    public void A_message_has_action_path_and_properties()
    {
        Uevent uevent = Parse("add@/devices/pci0000:00/virtio0\0ACTION=add\0MODALIAS=virtio:d00000002v00001AF4\0EMPTY=\0")!;
        Assert.Equal("add", uevent.Action);
        Assert.Equal("/devices/pci0000:00/virtio0", uevent.DevicePath);
        Assert.Equal("virtio:d00000002v00001AF4", uevent["MODALIAS"]);
        Assert.Equal("", uevent["EMPTY"]);
        Assert.Null(uevent["SUBSYSTEM"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("libudev\0add@/x\0")]
    [InlineData("@/devices/x\0")]
    [InlineData("add@/devices/without-end")]
    public void What_the_kernel_does_not_send_is_no_message(string text) => Assert.Null(Parse(text));

    [Fact]
    public void A_last_property_without_its_end_is_read() => Assert.Equal("1", Parse("add@/x\0SEQNUM=1")!["SEQNUM"]);

    private static Uevent? Parse(string text) => Uevent.Parse(Encoding.UTF8.GetBytes(text));
}
