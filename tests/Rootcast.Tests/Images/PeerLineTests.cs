using Rootcast.Contract;
using Rootcast.Contract.Foreign;
using Rootcast.Images.Boot;

namespace Rootcast.Tests;

public class PeerLineTests
{
    [Theory]
    [InlineData("dracut-059", "http://h/x", null, null, "root=live:http://h/x rd.neednet=1 ip=dhcp rd.live.overlay.overlayfs=1")]
    [InlineData("dracut-106", "http://h/x", null, null, "root=live:http://h/x rd.neednet=1 ip=dhcp rd.live.overlay.overlayfs=1")]
    [InlineData("dracut-112", "http://h/x", null, null, "root=live:http://h/x rd.neednet=1 ip=dhcp rd.overlay")]
    [InlineData("dracut-106", null, "/dev/vda", null, "root=live:/dev/vda rd.live.image rd.live.overlay.overlayfs=1")]
    [InlineData(
        "dracut-106",
        null,
        "LABEL=data",
        "/a/b/root.squashfs",
        "root=live:LABEL=data rd.live.image rd.live.dir=a/b rd.live.squashimg=root.squashfs rd.live.overlay.overlayfs=1"
    )]
    [InlineData("dracut-106", null, null, "/squashfs.img", "root=live:/squashfs.img rd.live.image rd.live.overlay.overlayfs=1")]
    [InlineData("live-boot", "http://h/x.squashfs", null, null, "boot=live fetch=http://h/x.squashfs")]
    [InlineData(
        "live-boot",
        null,
        "LABEL=data",
        "/live/root.squashfs",
        "boot=live live-media=/dev/disk/by-label/data live-media-path=live"
    )]
    public void ALineIsWritten(string peer, string? url, string? device, string? path, string line)
    {
        PeerLine made = PeerLine.Of(PeerLine.PeerOf(peer)!.Value, Form.Squashfs, new PeerPlace(url, device, path), toRam: false);
        Assert.Equal(line, made.Arguments.ToString());
        // Ours understands it too.
        ForeignTranslation translated = ForeignTranslator.Translate([made.Arguments]);
        Assert.Empty(translated.Problems);
        Assert.Equal(Form.Squashfs, BootPlan.Parse(translated.Arguments, out _)!.Form);
    }

    [Theory]
    [InlineData("dracut-106", Form.Tmpfs, "http://h/x", null, null, "it unpacks no archive")]
    [InlineData("live-boot", Form.Ramdisk, "http://h/x.squashfs", null, null, "rootfs.img")]
    [InlineData("el6", Form.Squashfs, null, null, "/x.iso", "LiveOS/rootfs.img")]
    [InlineData("live-boot", Form.Squashfs, "http://h/x", null, null, "does not end in .squashfs")]
    [InlineData("live-boot", Form.Squashfs, null, "/dev/vda", null, "not for a device that is the image")]
    [InlineData("live-boot", Form.Squashfs, null, null, "/x.squashfs", "no image in the initramfs")]
    [InlineData("dracut-106", Form.Squashfs, null, null, "/rootcast/payload", "ends in .img")]
    [InlineData("dracut-106", Form.Disk, "http://h/x", null, null, "mounted where it is")]
    public void WhatCannotBeSaysWhy(string peer, Form form, string? url, string? device, string? path, string why)
    {
        UserError error = Assert.Throws<UserError>(() =>
            PeerLine.Of(PeerLine.PeerOf(peer)!.Value, form, new PeerPlace(url, device, path), toRam: false)
        );
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Hint);
    }
}
