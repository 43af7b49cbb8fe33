using Rootcast.Contract;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Netboot;
using Rootcast.Lab.Running;

namespace Rootcast.Vm.Tests;

/// <summary>A network of its own with <c>rootcast serve</c> over the lab's store in it, and one machine that boots from there. Names that appear in the store
/// after it was made are taken away again.</summary>
internal sealed class ServedNetwork : IAsyncDisposable
{
    /// <summary>For a boot, and for whatever else is waited for.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8);

    /// <summary>By what the server knows the machine.</summary>
    public const string Node = "52:54:00:77:00:00";

    private readonly ImageStore store;
    private readonly LabDirectory directory = new();
    private readonly KeptNames kept;
    private PublishedProgram? server;

    private ServedNetwork(ImageStore store, NetbootNetwork network)
    {
        this.store = store;
        Network = network;
        kept = new KeptNames(store);
    }

    /// <summary>The network.</summary>
    public NetbootNetwork Network { get; }

    /// <summary>The server, once it serves.</summary>
    public PublishedProgram Server => server!;

    /// <summary>The network without its server. A host that cannot have one skips the test.</summary>
    /// <param name="lab">Whose store is served.</param>
    /// <param name="hasDhcp">Whether the site has a DHCP server.</param>
    public static async Task<ServedNetwork> MakeAsync(GuestLab lab, bool hasDhcp = true)
    {
        Needs();
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        return new ServedNetwork(lab.Store, await NetbootNetwork.MakeAsync(machines: 1, hasDhcp: hasDhcp, cancellation: cancellation));
    }

    /// <summary>Skips the test on a host that has not got what a network takes.</summary>
    public static void Needs()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        Assert.SkipUnless(System.IO.File.Exists("/dev/net/tun"), "needs /dev/net/tun");
        foreach (string program in NetbootNetwork.Programs)
        {
            Assert.SkipUnless(Tool.Find(program) is not null, $"{program} is not installed (rootcast setup --tests)");
        }
    }

    /// <summary>A file that goes away with the network.</summary>
    public string File(string name) => directory.File(name);

    /// <summary>Such a file with a text in it.</summary>
    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    /// <summary>An image like <paramref name="good"/> whose squashfs is none.</summary>
    public StoredImage PublishBroken(StoredImage good) =>
        store.Publish(
            good.Manifest with
            {
                Name = "vm-broken",
                Artefacts = [new ImageArtefact(Form.Squashfs, store.Put(new byte[8192]), 0)],
            }
        );

    /// <summary>Starts <c>rootcast serve</c>, and returns when it serves.</summary>
    public async Task ServeAsync(params string[] arguments)
    {
        server = PublishedProgram.StartIn(
            Network.Server,
            directory.Path,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ROOTCAST_STORE"] = store.Directory },
            // Without no_timer_check a kernel under TCG panics now and then on a busy host: its timer comes too late.
            ["serve", .. arguments, "--state", File("state"), "--append", "console=ttyS0 panic=-1 no_timer_check rootcast.countdown=0"]
        );
        await server.UntilItSays("serving on", Deadline);
    }

    /// <summary>Boots the machine until it is ready, or is over.</summary>
    /// <param name="machine">Null for one that has iPXE in its card.</param>
    public async Task<BootReport> BootAsync(Machine? machine = null)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        QemuProgram qemu = await NetbootMachine.InsideAsync(Network, await QemuProgram.RequireAsync(cancellation), File("qemu"));
        string console = Path.Combine(Checkout.State, "console", $"served-{Guid.NewGuid():N}.log");
        BootRun run = new(qemu, new BootWatch(Marks.Ready, Deadline));
        machine ??= NetbootMachine.Of(NetbootFirmware.Ipxe);
        BootReport report = await run.BootAsync(machine, directory.MachineFiles(console), cancellation);
        TestContext.Current.SendDiagnosticMessage(Server.Said);
        return report;
    }

    /// <summary>What <c>rootcast node</c> prints, with the operator's token.</summary>
    public async Task<string> NodeAsync(params string[] words)
    {
        string token = await System.IO.File.ReadAllTextAsync(Path.Combine(File("state"), "token"), TestContext.Current.CancellationToken);
        return await BesideServerAsync(PublishedProgram.Path, ["node", .. words, "--token", token.Trim()]);
    }

    /// <summary>What a program prints that runs where the server does.</summary>
    public Task<string> BesideServerAsync(string program, params string[] words) =>
        new Tool("ip", ["netns", "exec", Network.Server, program, .. words]).ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Ends the server as its operator does.</summary>
    public async Task EndAsync()
    {
        await Server.Signal("TERM");
        Assert.Equal(0, await Server.ExitCode(Deadline));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        server?.Dispose();
        directory.Dispose();
        await Network.DisposeAsync();
        kept.Dispose();
    }
}
