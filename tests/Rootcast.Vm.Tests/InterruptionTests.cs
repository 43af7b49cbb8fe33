using Rootcast.Lab.Running;

namespace Rootcast.Vm.Tests;

/// <summary>Ctrl-C and kill -9 while the program works.</summary>
public sealed class InterruptionTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private const string Recipe = """
        name: interrupted
        source:
          directory: tree
        kernels:
          - debian: cloud
            suite: bookworm
        forms: [tmpfs, ramdisk, squashfs]

        """;

    [Theory]
    [InlineData("Kernel debian cloud ...", true)]
    [InlineData("Tree from ", true)]
    [InlineData("casting tmpfs ...", false)]
    [InlineData("casting ramdisk ...", false)]
    [InlineData("casting squashfs ...", false)]
    public async Task AfterCtrlCInABuildNothingIsLeft(string stage, bool ownCache)
    {
        using LabDirectory directory = new();
        Dictionary<string, string> environment = Prepare(directory, ownCache);
        using PublishedProgram program = PublishedProgram.Start(environment["TMPDIR"], environment, "build", directory.File("recipe.yaml"));
        await program.UntilItSays(stage, Deadline);
        await program.Signal("INT");
        Assert.Equal(130, await program.ExitCode(Deadline));
        AssertNothingIsLeft(directory, environment);
    }

    [Fact]
    public async Task AfterCtrlCInABootNothingIsLeft()
    {
        using LabDirectory directory = new();
        Dictionary<string, string> environment = Prepare(directory, ownCache: false);
        await Succeed(environment, "build", directory.File("recipe.yaml"));
        using PublishedProgram program = PublishedProgram.Start(
            environment["TMPDIR"],
            environment,
            ["boot", "interrupted", "--form", "squashfs", "--carrier", "http", "--until", "ready"]
        );
        await program.UntilItSays("boot interrupted as squashfs", Deadline);
        await program.Signal("INT");
        Assert.Equal(130, await program.ExitCode(Deadline));
        AssertNothingIsLeft(directory, environment);
    }

    [Fact]
    public async Task AKilledBuildLeavesTheFormerImage()
    {
        using LabDirectory directory = new();
        Dictionary<string, string> environment = Prepare(directory, ownCache: false);
        await Succeed(environment, "build", directory.File("recipe.yaml"));
        await File.WriteAllTextAsync(
            Path.Combine(directory.File("tree"), "etc", "new"),
            "another tree",
            TestContext.Current.CancellationToken
        );
        using (
            PublishedProgram program = PublishedProgram.Start(environment["TMPDIR"], environment, "build", directory.File("recipe.yaml"))
        )
        {
            await program.UntilItSays("casting squashfs ...", Deadline);
            await program.Signal("KILL");
            Assert.Equal(137, await program.ExitCode(Deadline));
        }
        await Succeed(environment, "inspect", "interrupted");
        await Succeed(environment, "export", "interrupted", "--form", "squashfs", "--carrier", "initrd", "--to", directory.File("out"));
        await Succeed(environment, "build", directory.File("recipe.yaml"));
        await Succeed(environment, "gc");
        await Succeed(environment, "inspect", "interrupted");
    }

    private static Dictionary<string, string> Prepare(LabDirectory directory, bool ownCache)
    {
        string tree = directory.File("tree");
        Directory.CreateDirectory(Path.Combine(tree, "sbin"));
        Directory.CreateDirectory(Path.Combine(tree, "etc"));
        File.Copy("/bin/sh", Path.Combine(tree, "sbin", "init"));
        // Enough that casting takes a moment, and nothing that compresses well.
        byte[] noise = new byte[48 << 20];
        new Random(1).NextBytes(noise);
        File.WriteAllBytes(Path.Combine(tree, "noise"), noise);
        File.WriteAllText(directory.File("recipe.yaml"), Recipe);
        Dictionary<string, string> environment = new(StringComparer.Ordinal)
        {
            ["ROOTCAST_STORE"] = directory.File("store"),
            ["TMPDIR"] = Directory.CreateDirectory(directory.File("tmp")).FullName,
        };
        if (ownCache)
        {
            environment["XDG_CACHE_HOME"] = directory.File("cache");
        }
        return environment;
    }

    private static async Task Succeed(Dictionary<string, string> environment, params string[] arguments)
    {
        using PublishedProgram program = PublishedProgram.Start(environment["TMPDIR"], environment, arguments);
        Assert.True(await program.ExitCode(Deadline) == 0, $"{string.Join(' ', arguments)}:\n{program.Said}");
    }

    private static void AssertNothingIsLeft(LabDirectory directory, Dictionary<string, string> environment)
    {
        Assert.Empty(Directory.GetFileSystemEntries(environment["TMPDIR"]));
        Assert.DoesNotContain(environment["TMPDIR"], File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
        Assert.Empty(ProcessesWith("ROOTCAST_STORE=" + directory.File("store")));
        foreach (
            string backing in Directory.GetDirectories("/sys/block", "loop*").Select(loop => loop + "/loop/backing_file").Where(File.Exists)
        )
        {
            Assert.DoesNotContain(environment["TMPDIR"], File.ReadAllText(backing), StringComparison.Ordinal);
        }
    }

    /// <summary>Processes that were started with that in their environment, as all children of the program are.</summary>
    private static List<string> ProcessesWith(string variable)
    {
        List<string> found = [];
        foreach (string process in Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1])))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(process, "environ")).Contains(variable, StringComparison.Ordinal))
                {
                    found.Add(File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' '));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended, or is somebody else's.
            }
        }
        return found;
    }
}
