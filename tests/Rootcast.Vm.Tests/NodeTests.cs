using Rootcast.Contract;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Netboot;
using Rootcast.Lab.Running;

namespace Rootcast.Vm.Tests;

/// <summary>A machine that nobody knows boots from a server, and the server knows how far it came.</summary>
public class NodeTests(GuestLab lab)
{
    private const string Node = "52:54:00:77:00:00";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8);

    /// <summary>Ready with its own name in the tree; then a newer image whose root is none, which the node says and the server remembers; then the good one again.</summary>
    [Fact]
    [Trait("tier", "full")]
    public async Task ANodesMarksAreWrittenDownAndABrokenImageIsGivenUp()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        StoredImage image = await lab.ImageAsync(Recipes.Debian);
        using KeptNames kept = new(lab.Store);
        StoredImage broken = lab.Store.Publish(
            image.Manifest with
            {
                Name = "vm-broken",
                Artefacts = [new ImageArtefact(Form.Squashfs, lab.Store.Put(new byte[8192]), 0)],
            }
        );
        NetbootTests.Needs();
        await using NetbootNetwork network = await NetbootNetwork.MakeAsync(machines: 1, hasDhcp: true, cancellation: cancellation);
        using LabDirectory directory = new();
        string state = directory.File("state");
        using PublishedProgram server = PublishedProgram.StartIn(
            network.Server,
            directory.Path,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ROOTCAST_STORE"] = lab.Store.Directory },
            // Without the argument a kernel under TCG panics now and then on a busy host: its timer comes too late.
            [
                "serve",
                "--form",
                "squashfs",
                "--state",
                state,
                "--attempts",
                "1",
                "--append",
                "console=ttyS0 panic=-1 no_timer_check rootcast.countdown=0",
            ]
        );
        await server.UntilItSays("serving on", Deadline);
        await CliAsync("assign", "*", image.Manifest.Name);
        await CliAsync("configure", Node, "--hostname", "named-by-the-server");

        BootReport ready = await BootAsync();
        Expect.Ready(ready);
        Assert.Contains("<named-by-the-server>", await File.ReadAllTextAsync(ready.ConsoleLog, cancellation), StringComparison.Ordinal);
        string log = await CliAsync("log", Node);
        TestContext.Current.SendDiagnosticMessage(log);
        int at = 0;
        foreach (
            string mark in (string[])
                [
                    "offer ",
                    "script",
                    "kernel",
                    "initrd",
                    Marks.InitStart,
                    Marks.Modules,
                    Marks.NetworkUp,
                    Marks.ArtefactFound,
                    Marks.Fetched,
                    Marks.RootMounted,
                    Marks.SwitchRoot,
                    Marks.Ready,
                ]
        )
        {
            int found = log.IndexOf($" s  {mark}", at, StringComparison.Ordinal);
            Assert.True(found > 0, $"{mark} is not where it belongs in:\n{log}");
            at = found;
        }

        await CliAsync("assign", "*", broken.Manifest.Name);
        BootReport failed = await BootAsync();
        Assert.False(failed.Ready);
        log = await CliAsync("log", Node);
        TestContext.Current.SendDiagnosticMessage(log);
        Assert.Contains("\nfailed\n", log, StringComparison.Ordinal);
        Assert.Contains("Rootcast could not boot this machine (stage: root)", log, StringComparison.Ordinal);
        Assert.Contains("the kernel's last lines:\n  ", log, StringComparison.Ordinal);

        Expect.Ready(await BootAsync());
        Assert.Contains("fallback: vm-broken", await CliAsync("show", Node), StringComparison.Ordinal);
        await server.Signal("TERM");
        Assert.Equal(0, await server.ExitCode(Deadline));

        async Task<string> CliAsync(params string[] words)
        {
            string token = await File.ReadAllTextAsync(Path.Combine(state, "token"), cancellation);
            string program = Environment.GetEnvironmentVariable("ROOTCAST")!;
            Tool tool = new("ip", ["netns", "exec", network.Server, program, "node", .. words, "--token", token.Trim()]);
            return await tool.ReadAsync(cancellation);
        }

        async Task<BootReport> BootAsync()
        {
            QemuProgram qemu = await NetbootMachine.InsideAsync(
                network,
                await QemuProgram.RequireAsync(cancellation),
                directory.File("qemu")
            );
            string console = Path.Combine(Checkout.State, "console", $"node-{Guid.NewGuid():N}.log");
            BootRun run = new(qemu, new BootWatch(Marks.Ready, Deadline));
            Machine machine = NetbootMachine.Of(NetbootFirmware.Ipxe);
            BootReport report = await run.BootAsync(machine, directory.MachineFiles(console), cancellation);
            TestContext.Current.SendDiagnosticMessage(server.Said);
            return report;
        }
    }
}
