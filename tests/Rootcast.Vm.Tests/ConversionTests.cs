using Rootcast.Contract;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;

namespace Rootcast.Vm.Tests;

/// <summary>Images that other tools have made, converted and booted.</summary>
public class ConversionTests(GuestLab lab)
{
    private const long HalfGigabyte = 512L << 20;

    /// <summary>Forms in which a grown installer runs in 512 MB.</summary>
    public static TheoryData<Form> Small { get; } = new(Form.Squashfs, Form.Livefs);

    [Fact]
    public async Task AnInitrdsOwnInitStartsAsFromTheKernel()
    {
        BootReport report = await lab.BootAsync(new Scenario { Recipe = await Converted.InitrdAsync() });
        Expect.Ready(report);
        Expect.Check(report, "mounts");
        Expect.Check(report, "root");
    }

    [Fact]
    public async Task AnImageForDracutsDmsquashLiveIsConverted()
    {
        Recipes.Busybox();
        MachineDisk iso = await LiveMedia.FedoraIsoAsync(Recipes.TreeOf("busybox"), "LIVE-2");
        BootReport report = await lab.BootAsync(new Scenario { Recipe = Converted.Recipe("vm-dmsquash", iso.Path, "debian: cloud") });
        Expect.Ready(report);
        Expect.Check(report, "busybox");
    }

    [Fact]
    [Trait("tier", "full")]
    public async Task AnIsoOfLiveBuildBootsWithItsOwnKernel()
    {
        string iso = await Converted.LiveBuildAsync();
        BootReport report = await lab.BootAsync(new Scenario { Recipe = Converted.Recipe("vm-live-build", iso, "media: {}") });
        Expect.Ready(report);
    }

    [Fact]
    [Trait("tier", "full")]
    public async Task TheConvertedInstallerAsksItsFirstQuestion()
    {
        Installer installer = await Installer.TakeAsync();
        BootReport report = await lab.BootAsync(
            new Scenario
            {
                Recipe = installer.Recipe("vm-installer", "squashfs"),
                MemoryBytes = 256L << 20,
                Arguments = Installer.Arguments,
                Until = null,
                Console = Installer.FirstQuestion,
            }
        );
        Expect.Ended(BootEnding.Reached, report);
        Expect.Check(report, "write");
    }

    [Theory]
    [Trait("tier", "full")]
    [MemberData(nameof(Small))]
    public async Task AnInstallerOfAnacondasSizeRunsInHalfAGigabyte(Form form)
    {
        Installer grown = await Installer.GrowAsync();
        BootReport report = await lab.BootAsync(
            new Scenario
            {
                Recipe = grown.Recipe("vm-grown", string.Join(", ", Small.Select(row => Names.Of(row.Data)))),
                Form = form,
                MemoryBytes = HalfGigabyte,
                Arguments = Installer.Arguments,
            }
        );
        Expect.Ready(report);
        Expect.Check(report, "write");
    }

    [Fact]
    [Trait("tier", "full")]
    public async Task TheSameInstallerUnpackedByTheKernelDoesNot()
    {
        Installer grown = await Installer.GrowAsync();
        Machine machine = new()
        {
            Kernel = grown.Kernel,
            Initrd = grown.Initrd,
            CommandLine = $"panic=-1 {Installer.Arguments}",
            MemoryBytes = HalfGigabyte,
        };
        BootReport report = await lab.BootAsync(machine, "grown-original", until: null, Installer.FirstQuestion);
        Assert.True(report.Ending != BootEnding.Reached, Expect.Describe(report));
        string console = await File.ReadAllTextAsync(report.ConsoleLog, TestContext.Current.CancellationToken);
        Assert.True(
            console.Contains("Initramfs unpacking failed", StringComparison.Ordinal)
                || console.Contains("Out of memory", StringComparison.OrdinalIgnoreCase),
            Expect.Describe(report)
        );
    }

    /// <summary>That the same machine has no trouble with the same initrd when it is large: else the test above could pass for any reason.</summary>
    [Fact]
    [Trait("tier", "full")]
    public async Task WithEnoughMemoryItDoes()
    {
        Installer grown = await Installer.GrowAsync();
        Machine machine = new()
        {
            Kernel = grown.Kernel,
            Initrd = grown.Initrd,
            CommandLine = $"panic=-1 {Installer.Arguments}",
            MemoryBytes = 2L << 30,
        };
        Expect.Ended(BootEnding.Reached, await lab.BootAsync(machine, "grown-original-2G", until: null, Installer.FirstQuestion));
    }
}
