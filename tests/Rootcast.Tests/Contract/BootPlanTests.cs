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
            Size = SizeBound.Bytes(4L << 30),
            OverlaySize = SizeBound.Percent(25),
            Timeout = TimeSpan.FromSeconds(5),
            Countdown = TimeSpan.Zero,
            OnFail = OnFail.Halt,
            Rescue = true,
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
            "rootcast.form=tmpfs rootcast.carrier=initrd",
            new BootPlan { Form = Form.Tmpfs }
                .ToArguments()
                .ToString()
        );

    [Theory]
    [InlineData("quiet", "rootcast.form= is missing")]
    [InlineData("rootcast.form=ext9", "rootcast.form=ext9: not one of tmpfs")]
    public void WithoutAFormThereIsNoPlan(string line, string problem)
    {
        Assert.Null(BootPlan.Parse(KernelArguments.Parse(line), out IReadOnlyList<string> problems));
        Assert.StartsWith(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rootcast.size=0", "rootcast.size=0: not understood; 50% is used")]
    [InlineData("rootcast.timeout=-1", "rootcast.timeout=-1: not understood; 00:01:00 is used")]
    [InlineData("rootcast.artefact=sha256:12", "rootcast.artefact=sha256:12: not understood; nothing is used")]
    [InlineData("rootcast.sizes=1", "rootcast.sizes=1: there is no such argument")]
    public void WhatCannotBeHonouredIsSaid(string argument, string problem)
    {
        Assert.NotNull(BootPlan.Parse(KernelArguments.Parse("rootcast.form=tmpfs " + argument), out IReadOnlyList<string> problems));
        Assert.Equal(problem, Assert.Single(problems));
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
