using FsCheck;
using FsCheck.Fluent;
using Rootcast.Contract;
using Rootcast.Contract.Foreign;

namespace Rootcast.Tests;

public class ForeignTranslatorTests
{
    private const string Builder =
        "rootcast.form=squashfs rootcast.carrier=initrd rootcast.artefact=sha256:0,1,2 rootcast.overlay.size=25%";

    [Theory]
    // The article of 2013.
    [InlineData(
        "root=/x.iso rootfstype=auto rw liveimg toram size=4096",
        "rootcast.form=tmpfs rootcast.inside=auto rootcast.path=/x.iso rootcast.carrier=initrd rootcast.size=4096M rootcast.overlay.size=4096M"
    )]
    [InlineData(
        "root=/x.iso liveimg toram",
        "rootcast.form=tmpfs rootcast.inside=auto rootcast.path=/x.iso rootcast.carrier=initrd rootcast.size=2048M rootcast.overlay.size=2048M"
    )]
    [InlineData(
        "liveimg toram",
        "rootcast.form=tmpfs rootcast.inside=auto rootcast.carrier=initrd rootcast.size=2048M rootcast.overlay.size=2048M"
    )]
    // dracut: where the image is.
    [InlineData(
        "root=live:http://10.0.2.2/a.squashfs",
        "rootcast.form=squashfs rootcast.carrier=http rootcast.url=http://10.0.2.2/a.squashfs rootcast.inside=auto"
    )]
    [InlineData(
        "root=http://10.0.2.2/a.iso",
        "rootcast.form=squashfs rootcast.carrier=http rootcast.url=http://10.0.2.2/a.iso rootcast.inside=auto"
    )]
    [InlineData(
        "root=live:CDLABEL=Fedora\\x20Live rd.live.image",
        "rootcast.form=squashfs rootcast.carrier=disk rootcast.device=\"LABEL=Fedora Live\" rootcast.inside=auto"
    )]
    [InlineData(
        "rd.live.image root=LABEL=LIVE",
        "rootcast.form=squashfs rootcast.carrier=disk rootcast.device=LABEL=LIVE rootcast.inside=auto"
    )]
    [InlineData("liveimg root=UUID=1-2", "rootcast.form=squashfs rootcast.carrier=disk rootcast.device=UUID=1-2 rootcast.inside=auto")]
    [InlineData(
        "root=live:/dev/disk/by-uuid/1-2",
        "rootcast.form=squashfs rootcast.carrier=disk rootcast.device=UUID=1-2 rootcast.inside=auto"
    )]
    [InlineData("root=live:/dev/sr0", "rootcast.form=squashfs rootcast.carrier=disk rootcast.device=/dev/sr0 rootcast.inside=auto")]
    [InlineData(
        "root=live:/squashfs.img",
        "rootcast.form=squashfs rootcast.carrier=initrd rootcast.path=/squashfs.img rootcast.inside=auto"
    )]
    [InlineData(
        "root=live:/dev/sr0 rd.live.dir=/images/",
        "rootcast.form=squashfs rootcast.carrier=disk rootcast.device=/dev/sr0 rootcast.inside=images/squashfs.img"
    )]
    [InlineData(
        "root=live:/dev/sr0 rd.live.squashimg=a.img rd.live.dir=x",
        "rootcast.form=squashfs rootcast.carrier=disk rootcast.device=/dev/sr0 rootcast.inside=x/a.img"
    )]
    [InlineData(
        "root=live:http://h/i rd.writable.fsimg=1",
        "rootcast.form=ramdisk rootcast.carrier=http rootcast.url=http://h/i rootcast.inside=auto"
    )]
    // dracut: the rest, beside a plan.
    [InlineData("rootcast.form=tmpfs rd.live.ram", "rootcast.toram rootcast.form=tmpfs")]
    [InlineData("rootcast.form=tmpfs rd.live.ram=0", "rootcast.form=tmpfs")]
    [InlineData("rootcast.form=tmpfs rd.live.overlay.size=512", "rootcast.overlay.size=512M rootcast.form=tmpfs")]
    [InlineData(
        "rootcast.form=tmpfs rd.live.overlay.overlayfs=1 rd.live.overlay.nouserconfirmprompt",
        "rootcast.overlay.layout=dracut rootcast.form=tmpfs"
    )]
    [InlineData("rootcast.form=tmpfs rd.overlay", "rootcast.overlay.layout=dracut rootcast.form=tmpfs")]
    [InlineData("rootcast.form=tmpfs rd.live.overlay=LABEL=keep", "rootcast.overlay=LABEL=keep rootcast.form=tmpfs")]
    [InlineData(
        "rootcast.form=tmpfs rd.overlay=UUID=1-2:auto rd.overlay.reset rd.overlay.readonly",
        "rootcast.overlay.layout=dracut rootcast.overlay=UUID=1-2 rootcast.overlay.reset rootcast.overlay.readonly rootcast.form=tmpfs"
    )]
    [InlineData(
        "rootcast.form=tmpfs rd.live.overlay=/dev/sdb1:/keep/this rd.live.overlay.reset=1",
        "rootcast.overlay=/dev/sdb1 rootcast.overlay.path=/keep/this rootcast.overlay.layout=dracut rootcast.overlay.reset rootcast.form=tmpfs"
    )]
    [InlineData("rootcast.form=tmpfs rd.live.overlay=none", "rootcast.overlay=none rootcast.form=tmpfs")]
    [InlineData("rootcast.form=tmpfs rd.break", "rootcast.rescue=handover rootcast.form=tmpfs")]
    [InlineData("rootcast.form=tmpfs rd.break=pre-mount rd.shell", "rootcast.rescue rootcast.onfail=shell rootcast.form=tmpfs")]
    [InlineData("rootcast.form=tmpfs break=bottom", "rootcast.rescue=handover rootcast.form=tmpfs")]
    [InlineData("rootcast.form=tmpfs rd.emergency=poweroff rd.timeout=30", "rootcast.onfail=halt rootcast.timeout=30 rootcast.form=tmpfs")]
    [InlineData("rootcast.form=tmpfs rd.shell=0 rd.luks=0 rd.lvm=0 rd.md=0 rd.dm=0 rd.live.check=0", "rootcast.form=tmpfs")]
    [InlineData("rootcast.form=tmpfs rd.neednet=1", "rootcast.network rootcast.form=tmpfs")]
    [InlineData("rootcast.form=tmpfs BOOTIF=01-52-54-00-AB-34-56", "rootcast.link=52:54:00:ab:34:56 rootcast.form=tmpfs")]
    [InlineData("rootcast.form=tmpfs BOOTIF=52:54:00:ab:34:56 rd.bootif=0", "rootcast.form=tmpfs")]
    [InlineData(
        "rootcast.form=tmpfs ifname=bootnet:52:54:00:ab:34:56 ip=bootnet:dhcp",
        "rootcast.link=52:54:00:ab:34:56 ip=dhcp rootcast.form=tmpfs"
    )]
    [InlineData("rootcast.form=tmpfs ip=eth0:dhcp ip=eth1:dhcp bootdev=eth0", "rootcast.link=eth0 ip=eth0:dhcp rootcast.form=tmpfs")]
    [InlineData("rootcast.form=tmpfs ip=single-dhcp", "ip=dhcp rootcast.form=tmpfs")]
    [InlineData("rootcast.form=tmpfs ip=any", "ip=any rootcast.form=tmpfs")]
    [InlineData(
        "rootcast.form=tmpfs ip=10.0.0.2::10.0.0.1:255.255.255.0:n1:eth0:none nameserver=10.0.0.3 nameserver=10.0.0.4",
        "ip=10.0.0.2::10.0.0.1:255.255.255.0:n1:eth0:none:10.0.0.3:10.0.0.4 rootcast.form=tmpfs"
    )]
    // live-boot.
    [InlineData("boot=live components", "rootcast.form=squashfs rootcast.carrier=disk rootcast.inside=live/*.squashfs")]
    [InlineData(
        "boot=live fetch=http://h/f.squashfs toram",
        "rootcast.form=squashfs rootcast.carrier=http rootcast.url=http://h/f.squashfs rootcast.inside=live/*.squashfs rootcast.toram"
    )]
    [InlineData(
        "boot=live live-media=/dev/vda live-media-path=/boot/live/ overlay-size=30%",
        "rootcast.form=squashfs rootcast.carrier=disk rootcast.device=/dev/vda rootcast.inside=boot/live/*.squashfs rootcast.overlay.size=30%"
    )]
    [InlineData(
        "boot=live findiso=/debian.iso",
        "rootcast.form=squashfs rootcast.carrier=disk rootcast.path=/debian.iso rootcast.inside=live/*.squashfs"
    )]
    [InlineData(
        "boot=live fromiso=/dev/sda1/iso/d.iso",
        "rootcast.form=squashfs rootcast.carrier=disk rootcast.device=/dev/sda1 rootcast.path=/iso/d.iso rootcast.inside=live/*.squashfs"
    )]
    [InlineData(
        "boot=live persistence persistence-read-only",
        "rootcast.form=squashfs rootcast.carrier=disk rootcast.inside=live/*.squashfs "
            + "rootcast.overlay=LABEL=persistence rootcast.overlay.path=/ rootcast.overlay.layout=live-boot rootcast.overlay.readonly"
    )]
    [InlineData("boot=live persistence nopersistence", "rootcast.form=squashfs rootcast.carrier=disk rootcast.inside=live/*.squashfs")]
    [InlineData(
        "boot=live fetch=http://h/f.squashfs ip=eth0:10.0.0.2:255.255.255.0:10.0.0.1:10.0.0.3",
        "rootcast.form=squashfs rootcast.carrier=http rootcast.url=http://h/f.squashfs rootcast.inside=live/*.squashfs "
            + "ip=10.0.0.2::10.0.0.1:255.255.255.0::eth0:none:10.0.0.3"
    )]
    // What is no live image.
    [InlineData("root=UUID=1-2 rootfstype=ext4 quiet", "rootcast.form=disk rootcast.carrier=disk rootcast.device=UUID=1-2")]
    [InlineData("root=UUID=1-2 ro rw", "rootcast.form=disk rootcast.carrier=disk rootcast.device=UUID=1-2")]
    [InlineData(
        "root=UUID=1-2 rw rootflags=subvol=@ ro",
        "rootcast.form=disk rootcast.carrier=disk rootcast.device=UUID=1-2 rootcast.options=ro,subvol=@"
    )]
    [InlineData("root=ZFS=rpool/ROOT/debian ro", "rootcast.form=zfs rootcast.carrier=disk rootcast.zfs=rpool/ROOT/debian")]
    [InlineData("root=zfs:AUTO rootcast.form=zfs-fuse", "rootcast.zfs=auto rootcast.form=zfs-fuse")]
    [InlineData("root=ZFS=rpool/root rootcast.form=tmpfs", "rootcast.form=tmpfs")]
    [InlineData("root=UUID=1-2 rootcast.form=tmpfs", "rootcast.form=tmpfs")]
    [InlineData("quiet splash console=ttyS0 init=/bin/sh -- single", "init=/bin/sh")]
    public void EachParameterIsSaidInThePlansWords(string line, string plan)
    {
        ForeignTranslation translation = ForeignTranslator.Translate([KernelArguments.Parse(line)]);
        Assert.Empty(translation.Problems);
        Assert.Equal(plan, translation.Arguments.ToString());
    }

    [Theory]
    [InlineData("root=live:nfs://h/x", "root=live:nfs://h/x: init fetches by http only")]
    [InlineData("root=live:PARTLABEL=1", "root=live:PARTLABEL=1: init looks for LABEL=")]
    [InlineData("rd.live.image", "rd.live.image: no root= says where")]
    [InlineData("root=/dev/nfs nfsroot=h:/x", "nfsroot=h:/x: init mounts nothing by NFS")]
    [InlineData("root=/x.iso liveimg toram size=4G", "size=4G: it is no number of megabytes; 2048 is used")]
    [InlineData("rd.live.overlay.size=x", "rd.live.overlay.size=x: it is no number")]
    [InlineData("rd.overlay=PARTLABEL=x", "rd.overlay=PARTLABEL=x: init looks for LABEL=")]
    [InlineData("rd.live.overlay.thin=1", "rd.live.overlay.thin=1: the snapshot is a plain one")]
    [InlineData("rd.live.check", "rd.live.check: the medium is not checked")]
    [InlineData("rd.luks.uuid=1", "rd.luks.uuid=1: init knows no such devices")]
    [InlineData("rd.live.nonsense=1", "rd.live.nonsense=1: init knows no such parameter")]
    [InlineData("rd.nonsense", "rd.nonsense: init knows no such parameter")]
    [InlineData("ip=dhcp6", "ip=dhcp6: init has no IPv6")]
    [InlineData("ip=[fe80::1]::::::none", "ip=[fe80::1]::::::none: init has no IPv6")]
    [InlineData("ip=eth0:dhcp:1400", "ip=eth0:dhcp:1400: MTU and hardware address are left")]
    [InlineData("ip=ibft", "ip=ibft: init does not read")]
    [InlineData("BOOTIF=x", "BOOTIF=x: it is no hardware address")]
    [InlineData("nameserver=10.0.0.1", "nameserver=10.0.0.1: it counts only beside")]
    [InlineData("bond=bond0:a,b", "bond=bond0:a,b: init configures one plain Ethernet link")]
    [InlineData("boot=live fetch=tftp://h/f.squashfs", "fetch=tftp://h/f.squashfs: init fetches by http")]
    [InlineData("boot=live live-media=removable-usb", "live-media=removable-usb: every disk is looked at")]
    [InlineData("boot=live persistence-encryption=luks", "persistence-encryption=luks: init knows no such devices")]
    [InlineData("boot=live plainroot", "plainroot: the root is an overlay")]
    [InlineData("rd.emergency=x", "rd.emergency=x: it is none of")]
    [InlineData("rootdelay=x", "rootdelay=x: it is no number")]
    public void WhatCannotBeHonouredIsSaid(string line, string problem)
    {
        ForeignTranslation translation = ForeignTranslator.Translate([KernelArguments.Parse(line)]);
        Assert.StartsWith(problem, Assert.Single(translation.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("toram size=4 module=x plainroot dhcp")]
    [InlineData("quiet splash mitigations=off persistence fetch=x")]
    public void WordsOfOneOriginMeanNothingInAnothersLine(string line)
    {
        ForeignTranslation translation = ForeignTranslator.Translate([KernelArguments.Parse(line)]);
        Assert.Empty(translation.Problems);
        Assert.Empty(translation.Arguments);
    }

    [Fact]
    public void AnotherPlaceReplacesWhatTheInitrdSaysOfItsOwn() =>
        Assert.Equal(
            "rootcast.overlay.size=25% rootcast.form=squashfs rootcast.carrier=http rootcast.url=http://h/x rootcast.inside=auto",
            Merge(Builder, "root=live:http://h/x")
        );

    [Fact]
    public void TheSameTextsOwnWordsWin() =>
        Assert.Equal(
            "rootcast.overlay.size=25% rootcast.form=squashfs rootcast.carrier=http rootcast.url=http://h/x rootcast.inside=auto "
                + "rootcast.artefact=sha256:1,2,3 rootcast.form=erofs",
            Merge(Builder, "root=live:http://h/x rootcast.artefact=sha256:1,2,3 rootcast.form=erofs")
        );

    [Fact]
    public void TheTreeInTheInitrdKeepsItsPlan() =>
        Assert.Equal(
            $"rootcast.form=tmpfs rootcast.inside=auto {Builder} rootcast.path=/x.iso rootcast.carrier=initrd "
                + "rootcast.size=4096M rootcast.overlay.size=4096M",
            Merge(Builder, "root=/x.iso rootfstype=auto rw liveimg toram size=4096")
        );

    [Fact]
    public void PartsOfOneImageMayStandInSeveralTexts() =>
        Assert.Equal(
            "rootcast.form=squashfs rootcast.carrier=disk rootcast.device=LABEL=L rootcast.inside=images/squashfs.img rootcast.toram",
            Merge("root=live:LABEL=L", "rd.live.dir=images", "rd.live.ram")
        );

    [Fact]
    public void AnyCommandLineIsTranslated()
    {
        string[] words = [.. ForeignParameters.Table.Select(row => row.Key.TrimEnd('*')), "rootcast.form"];
        Gen<string> argument = Gen.Elements(words)
            .SelectMany(key => ArbMap.Default.ArbFor<NonNull<string>>().Generator.Select(value => $"{key}={value.Get.Replace('"', 'x')}"));
        Prop.ForAll(
                argument.ListOf().ToArbitrary(),
                arguments =>
                {
                    string line = string.Join(' ', arguments) + " boot=live";
                    ForeignTranslation translation = ForeignTranslator.Translate([KernelArguments.Parse(line)]);
                    _ = BootPlan.Parse(translation.Arguments, out _);
                    return translation.Arguments.All(word => IsPlansOwn(word));
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void EveryRowIsInTheDocumentation()
    {
        string page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "parameters.md"));
        Assert.All(
            ForeignParameters.Table,
            row =>
                Assert.True(
                    new[] { "`", "=`", "=", " " }.Any(end => page.Contains($"`{row.Key}{end}", StringComparison.Ordinal)),
                    $"docs/parameters.md does not name {row.Key}"
                )
        );
    }

    private static bool IsPlansOwn(KernelArgument word) =>
        word.Key.StartsWith("rootcast.", StringComparison.Ordinal) || word.Is("init") || word.Is("ip");

    private static string Merge(params string[] texts) =>
        ForeignTranslator.Translate([.. texts.Select(KernelArguments.Parse)]).Arguments.ToString();
}
