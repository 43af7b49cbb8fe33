using Rootcast.Contract;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Running;

namespace Rootcast.Vm.Tests;

public class FailureTests(GuestLab lab)
{
    private static readonly BootPlan Quick = new()
    {
        Form = Form.Squashfs,
        Timeout = TimeSpan.FromSeconds(5),
        Countdown = TimeSpan.FromSeconds(1),
    };

    [Fact]
    public async Task TooLittleMemoryIsSeenBeforeAnythingIsCopied()
    {
        BootReport report = await lab.BootAsync(
            new Scenario
            {
                Form = Form.Tmpfs,
                Carrier = Carrier.Http,
                MemoryBytes = 320L << 20,
            }
        );
        Expect.Failed(report, "MiB", "squashfs");
        Assert.Null(report.TimeOf(Marks.Fetched));
    }

    /// <summary>The kernel itself would boot on with the part that fitted.</summary>
    [Fact]
    public async Task ATreeOfWhichTheKernelCouldUnpackOnlyAPartIsNotBooted() =>
        Expect.Failed(
            await lab.BootAsync(new Scenario { Form = Form.Initramfs, MemoryBytes = 512L << 20 }),
            "only a part of the tree",
            "Give the machine at least"
        );

    [Fact]
    public async Task ADiskThatIsNotThereIsNamed() =>
        Expect.Failed(
            await lab.BootAsync(new Scenario { Carrier = Carrier.Disk, Plan = Quick with { Device = "LABEL=nowhere" } }),
            "nowhere"
        );

    [Fact]
    public async Task AnInitramfsWithoutTheModuleOfTheFormNamesIt() =>
        Expect.Failed(
            await lab.BootAsync(
                new Scenario
                {
                    Recipe = Recipes.TmpfsOnly,
                    Form = Form.Tmpfs,
                    Arguments = "rootcast.form=squashfs",
                }
            ),
            "squashfs"
        );

    [Fact]
    public async Task ATreeWithoutAnInitIsSaidSo() =>
        Expect.Failed(await lab.BootAsync(new Scenario { Recipe = Recipes.WithoutInit() }), "init");

    [Fact]
    public async Task AfterAFailureTheMachineRestartsUnlessItIsToldToHalt()
    {
        Scenario nowhere = new()
        {
            Carrier = Carrier.Disk,
            Plan = Quick with { Device = "LABEL=nowhere" },
            Until = null,
        };
        BootReport restarted = await lab.BootAsync(nowhere);
        Expect.Ended(BootEnding.Reset, restarted);
        Assert.NotEmpty(restarted.FailureScreen);
        BootReport halted = await lab.BootAsync(nowhere with { Arguments = "rootcast.onfail=halt" });
        Expect.Ended(BootEnding.PoweredOff, halted);
        Assert.NotEmpty(halted.FailureScreen);
    }

    [Fact]
    public async Task RescueIsAShellBeforeTheArtefactIsLookedFor()
    {
        BootReport report = await lab.BootAsync(new Scenario { Arguments = "rootcast.rescue", Until = Marks.Rescue });
        Expect.Ended(BootEnding.Reached, report);
        Assert.Null(report.TimeOf(Marks.ArtefactFound));
        Assert.Contains("\"exit\" goes on with the boot", File.ReadAllText(report.ConsoleLog), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADiskThatLacksTheEndOfTheImageIsRefused()
    {
        using LabDirectory directory = new();
        string cut = directory.File("cut");
        File.Copy(await lab.ArtefactAsync(Form.Tmpfs), cut);
        using (FileStream file = new(cut, FileMode.Open))
        {
            file.SetLength(file.Length - 4096);
        }
        Scenario scenario = new()
        {
            Form = Form.Tmpfs,
            Carrier = Carrier.Disk,
            Plan = Quick with { Device = "/dev/vda" },
            Disks = [new MachineDisk(cut)],
        };
        Expect.Failed(await lab.BootAsync(scenario), "byte");
    }
}
