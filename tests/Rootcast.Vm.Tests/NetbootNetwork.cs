using System.Text;
using Rootcast.Images.Tools;

namespace Rootcast.Vm.Tests;

/// <summary>A network of three namespaces: the boot server's, the site's DHCP server's (dnsmasq, which knows nothing of booting), and the machines' with
/// the switch between them. Gone after the test.</summary>
internal sealed class NetbootNetwork : IAsyncDisposable
{
    /// <summary>The boot server's address.</summary>
    public const string ServerAddress = "10.77.0.1";

    /// <summary>The machines' link.</summary>
    public const string Tap = "tap0";

    private const string SiteAddress = "10.77.0.2";

    private readonly string suffix = $"{Environment.ProcessId}";
    private readonly CancellationTokenSource stop = new();
    private readonly StringBuilder said = new();
    private Task? dnsmasq;

    /// <summary>Where <c>rootcast serve</c> runs.</summary>
    public string Server => $"rcs{suffix}";

    /// <summary>Where QEMU runs.</summary>
    public string Machines => $"rcm{suffix}";

    /// <summary>What dnsmasq said.</summary>
    public string Said
    {
        get
        {
            lock (said)
            {
                return said.ToString();
            }
        }
    }

    private string Site => $"rcd{suffix}";

    /// <summary>Makes it.</summary>
    /// <param name="hasDhcp">Whether there is a DHCP server of the site.</param>
    public static async Task<NetbootNetwork> MakeAsync(bool hasDhcp)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        Assert.SkipUnless(File.Exists("/dev/net/tun"), "needs /dev/net/tun");
        foreach (string program in (string[])["ip", "dnsmasq"])
        {
            Assert.SkipUnless(Tool.Find(program) is not null, $"{program} is not installed (rootcast setup --tests)");
        }
        NetbootNetwork network = new();
        try
        {
            await network.BuildAsync();
            if (hasDhcp)
            {
                await network.StartDhcpAsync();
            }
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await (dnsmasq ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (string name in (string[])[Server, Site, Machines])
        {
            await new Tool("ip", "netns", "del", name) { GoodExitCodes = [0, 1] }.RunAsync();
        }
        stop.Dispose();
    }

    private static async Task Ip(string arguments) =>
        await new Tool("ip", arguments.Split(' ')).RunAsync(TestContext.Current.CancellationToken);

    private async Task BuildAsync()
    {
        foreach (string name in (string[])[Server, Site, Machines])
        {
            await Ip($"netns add {name}");
        }
        await Ip($"-n {Machines} link add switch type bridge stp_state 0 forward_delay 0");
        await Ip($"-n {Machines} link set switch up");
        foreach (
            (string name, string port, string address) in ((string, string, string)[])
                [(Server, "server", ServerAddress), (Site, "site", SiteAddress)]
        )
        {
            await Ip($"-n {name} link add eth0 type veth peer name {port} netns {Machines}");
            await Ip($"-n {Machines} link set {port} master switch up");
            await Ip($"-n {name} addr add {address}/24 dev eth0");
            await Ip($"-n {name} link set eth0 up");
            await Ip($"-n {name} link set lo up");
        }
        await Ip($"-n {Machines} tuntap add {Tap} mode tap");
        await Ip($"-n {Machines} link set {Tap} master switch up");
    }

    private async Task StartDhcpAsync()
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        string[] arguments =
        [
            .. $"netns exec {Site} dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --interface=eth0 --bind-interfaces".Split(
                ' '
            ),
            .. "--dhcp-range=10.77.0.100,10.77.0.150 --leasefile-ro --no-resolv --no-hosts --user=root --log-dhcp --log-facility=-".Split(
                ' '
            ),
        ];
        dnsmasq = new Tool("ip", arguments) { ErrorLine = Hear }.RunAsync(stop.Token);
        Task first = await Task.WhenAny(started.Task, dnsmasq);
        Assert.True(first == started.Task, $"dnsmasq ended:\n{Said}");

        void Hear(string line)
        {
            lock (said)
            {
                said.Append(line).Append('\n');
            }
            if (line.Contains("sockets bound", StringComparison.Ordinal))
            {
                started.TrySetResult();
            }
        }
    }
}
