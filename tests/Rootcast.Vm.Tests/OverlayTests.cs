using Rootcast.Contract;
using Rootcast.Images.Tools;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Running;

namespace Rootcast.Vm.Tests;

/// <summary>What happens to what is written over an artefact that cannot be.</summary>
public class OverlayTests(GuestLab lab)
{
    private static readonly BootPlan Plan = new() { Form = Form.Squashfs, Countdown = TimeSpan.FromSeconds(1) };

    [Theory]
    [InlineData(Form.Squashfs)]
    [InlineData(Form.Livefs)]
    public async Task AFullOverlaySaysSoAndTakesAgainWhatWasDeleted(Form form)
    {
        BootPlan plan = Plan with { OverlaySize = SizeBound.Bytes(64 << 20) };
        BootReport report = await Boot(form, plan, "fill");
        for (int round = 1; round <= 3; round++)
        {
            Expect.Said(report, $"round{round}", "full");
            Expect.Said(report, $"held{round}", "ok");
        }
        Expect.Said(report, "back", "ok");
        Expect.Said(report, "small", "ok");
        Expect.Said(report, "grown", "ok");
        Expect.Said(report, "errors", "none");
    }

    [Theory]
    [InlineData(Form.Squashfs)]
    [InlineData(Form.Livefs)]
    public async Task WithoutAnOverlayTheRootIsReadOnly(Form form)
    {
        BootReport report = await Boot(form, Plan with { Overlay = BootPlan.NoOverlay }, "none");
        Expect.Said(report, "write", "touch: /written: Read-only file system");
    }

    [Theory]
    [InlineData(Form.Squashfs, "64M ext4", "LABEL=kept")]
    [InlineData(Form.Livefs, "2500M", "/dev/vda")]
    public async Task ADeviceKeepsWhatIsWritten(Form form, string disk, string device) => await KeepsWhatIsWritten(form, disk, device);

    [Fact]
    [Trait("tier", "full")]
    public async Task AFileKeepsWhatIsWrittenOverALivefs() => await KeepsWhatIsWritten(Form.Livefs, "4G ext4", "LABEL=kept");

    [Fact]
    public async Task WhatWasWrittenOverAnotherImageIsNotMountedOverALivefs()
    {
        using LabDirectory directory = new();
        Scenario scenario = Kept(Form.Livefs, await Disk(directory, "2500M"), "/dev/vda");
        Expect.Ready(await lab.BootAsync(scenario));
        BootReport other = await lab.BootAsync(scenario with { Recipe = Recipes.Busybox() });
        Expect.Failed(other, "written over another image", "rootcast.overlay.reset");
    }

    private async Task KeepsWhatIsWritten(Form form, string disk, string device)
    {
        using LabDirectory directory = new();
        Scenario scenario = Kept(form, await Disk(directory, disk), device);
        Says(await lab.BootAsync(scenario), before: "nothing", directory: "there", trace: "absent");
        // Read-only: what was kept is there, and the trace that this boot writes is not in the next.
        Scenario readOnly = scenario with
        {
            Plan = scenario.Plan with { OverlayReadOnly = true },
            Arguments = "vm.do=keep-trace",
        };
        Says(await lab.BootAsync(readOnly), before: "kept", directory: "absent", trace: "absent");
        Says(await lab.BootAsync(scenario), before: "kept", directory: "absent", trace: "absent");
        Scenario reset = scenario with { Plan = scenario.Plan with { OverlayReset = true } };
        Says(await lab.BootAsync(reset), before: "nothing", directory: "there", trace: "absent");
    }

    private static void Says(BootReport report, string before, string directory, string trace)
    {
        Expect.Ready(report);
        Expect.Said(report, "before", before);
        Expect.Said(report, "directory", directory);
        Expect.Said(report, "trace", trace);
    }

    private static Scenario Kept(Form form, string disk, string device) =>
        new()
        {
            Recipe = Recipes.Overlay(),
            Form = form,
            Plan = Plan with { Overlay = device },
            Disks = [new MachineDisk(disk, IsWritable: true)],
            Arguments = "vm.do=keep",
        };

    private static async Task<string> Disk(LabDirectory directory, string kind)
    {
        string[] words = kind.Split(' ');
        string disk = directory.File("disk");
        await new Tool("truncate", "-s", words[0], disk).RunAsync(TestContext.Current.CancellationToken);
        if (words.Length > 1)
        {
            await new Tool("mke2fs", "-q", "-F", "-t", words[1], "-L", "kept", disk).RunAsync(TestContext.Current.CancellationToken);
        }
        return disk;
    }

    private Task<BootReport> Boot(Form form, BootPlan plan, string what) =>
        lab.BootAsync(
            new Scenario
            {
                Recipe = Recipes.Overlay(),
                Form = form,
                Plan = plan,
                Arguments = $"vm.do={what}",
            }
        );
}
