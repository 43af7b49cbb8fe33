using FsCheck;
using FsCheck.Fluent;
using Rootcast.Contract;

namespace Rootcast.Tests;

public class BootPlanTests
{
    private static readonly ArtefactIdentity Identity = new("sha256:" + new string('a', 64), 100, 300);

    [Fact]
    public void APlanIsReadBackFromItsArguments()
    {
        BootPlan plan = new()
        {
            Form = Form.Squashfs,
            Carrier = Carrier.Http,
            Artefact = Identity,
            Device = "LABEL=data",
            Path = "/images/root squash.img",
            Url = "http://10.0.2.2:8080/x",
            Options = "ro,subvol=@",
            Activate = "luks:1-2:crypt,lvm:vg/root",
            Daemon = "squashfuse",
            Zfs = "rpool/ROOT/debian",
            ZfsSnapshot = "yesterday",
            ZfsForce = true,
            ZfsReadOnly = true,
            ZfsKey = "file:///etc/pool.key",
            ZfsCache = SizeBound.Bytes(256L << 20),
            Size = SizeBound.Bytes(4L << 30),
            OverlaySize = SizeBound.Percent(25),
            MemoryPolicy = "bind:0,2-3",
            Overlay = "LABEL=kept data",
            OverlayInodes = 10_000,
            OverlayPath = "/machines/kiosk",
            OverlayReset = true,
            OverlayReadOnly = true,
            Timeout = TimeSpan.FromSeconds(5),
            Countdown = TimeSpan.Zero,
            OnFail = OnFail.Halt,
            ZramCompressor = "lzo-rle",
            ToRam = true,
            Rescue = RescuePoint.Handover,
            OverlayLayout = OverlayLayout.LiveBoot,
            Inside = "LiveOS/squashfs.img",
            Link = "52:54:00:12:34:56",
            Network = true,
            Report = "http://10.0.2.2:8080/boots/0123",
            Secrets = "https://10.0.2.2:8443/boots/0123/secrets",
            Token = "0123456789abcdef",
            Init = "/sbin/init",
            Ip = "dhcp",
            WriteTestBytes = 1 << 20,
        };
        KernelArguments arguments = KernelArguments.Parse(plan.ToArguments().ToString());
        Assert.Equal(plan, BootPlan.Parse(arguments, out IReadOnlyList<string> problems));
        Assert.Empty(problems);
    }

    [Fact]
    public void DefaultsAreLeftOut() =>
        Assert.Equal(
            "rootcast.form=tmpfs",
            new BootPlan { Form = Form.Tmpfs }
                .ToArguments()
                .ToString()
        );

    [Theory]
    [InlineData("auto", new[] { Carrier.Initrd, Carrier.Disk, Carrier.Http })]
    [InlineData("initrd,disk,http", new[] { Carrier.Initrd, Carrier.Disk, Carrier.Http })]
    [InlineData("http,disk", new[] { Carrier.Http, Carrier.Disk })]
    [InlineData("disk", new[] { Carrier.Disk })]
    public void CarriersAreAskedInTheirOrder(string text, Carrier[] carriers)
    {
        BootPlan plan = BootPlan.Parse(
            KernelArguments.Parse($"rootcast.form=tmpfs rootcast.carrier={text}"),
            out IReadOnlyList<string> problems
        )!;
        Assert.Equal(carriers, plan.Carriers);
        Assert.Equal(carriers[0], plan.Carrier);
        Assert.Empty(problems);
        Assert.Equal(plan, BootPlan.Parse(plan.ToArguments(), out _));
    }

    [Theory]
    [InlineData("quiet", "rootcast.form= is missing")]
    [InlineData("rootcast.form=ext9", "rootcast.form=ext9: not one of tmpfs")]
    public void WithoutAFormThereIsNoPlan(string line, string problem)
    {
        Assert.Null(BootPlan.Parse(KernelArguments.Parse(line), out IReadOnlyList<string> problems));
        Assert.StartsWith(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rootcast.carrier=disk,tape", "rootcast.carrier=disk,tape: not understood; auto is used")]
    [InlineData("rootcast.carrier=disk,disk", "rootcast.carrier=disk,disk: not understood; auto is used")]
    [InlineData("rootcast.size=0", "rootcast.size=0: not understood; 50% is used")]
    [InlineData("rootcast.timeout=-1", "rootcast.timeout=-1: not understood; 00:01:00 is used")]
    [InlineData("rootcast.artefact=sha256:12", "rootcast.artefact=sha256:12: not understood; nothing is used")]
    [InlineData("rootcast.overlay=nvme0n1", "rootcast.overlay=nvme0n1: not understood; nothing is used")]
    [InlineData("rootcast.overlay.inodes=50%", "rootcast.overlay.inodes=50%: not understood; 0 is used")]
    [InlineData("rootcast.mpol=spread", "rootcast.mpol=spread: not understood; nothing is used")]
    [InlineData("rootcast.mpol=bind:0,size=1", "rootcast.mpol=bind:0,size=1: not understood; nothing is used")]
    [InlineData("rootcast.mpol=bind:", "rootcast.mpol=bind:: not understood; nothing is used")]
    [InlineData("rootcast.sizes=1", "rootcast.sizes=1: there is no such argument")]
    public void WhatCannotBeHonouredIsSaid(string argument, string problem)
    {
        Assert.NotNull(BootPlan.Parse(KernelArguments.Parse("rootcast.form=tmpfs " + argument), out IReadOnlyList<string> problems));
        Assert.Equal(problem, Assert.Single(problems));
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData("rootcast.overlay=tmpfs", null, null)]
    [InlineData("rootcast.overlay=none", "none", null)]
    [InlineData("rootcast.overlay=UUID=12-ab", "UUID=12-ab", "UUID=12-ab")]
    [InlineData("rootcast.overlay=/dev/vdb2", "/dev/vdb2", "/dev/vdb2")]
    public void AnOverlayIsInMemoryOrOnADeviceOrNotThere(string argument, string? overlay, string? device)
    {
        BootPlan plan = BootPlan.Parse(KernelArguments.Parse("rootcast.form=squashfs " + argument), out IReadOnlyList<string> problems)!;
        Assert.Empty(problems);
        Assert.Equal(overlay, plan.Overlay);
        Assert.Equal(device, plan.OverlayDevice);
    }

    [Fact]
    public void AnyCommandLineIsRead() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<NonNull<string>>(),
                text =>
                    BootPlan.Parse(KernelArguments.Parse("rootcast.form=tmpfs " + text.Get), out _) is not null || text.Get.Contains("form")
            )
            .QuickCheckThrowOnFailure();
}
