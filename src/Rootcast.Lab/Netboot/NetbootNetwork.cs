using System.Globalization;
using System.Text;
using Rootcast.Contract;
using Rootcast.Images.Tools;

namespace Rootcast.Lab.Netboot;

/// <summary>A network of three namespaces: the boot server's, the site's DHCP server's (dnsmasq, which knows nothing of booting), and the machines' with
/// the switch between them. Takes root; gone when it is disposed of.</summary>
public sealed class NetbootNetwork : IAsyncDisposable
{
    /// <summary>The boot server's address.</summary>
    public const string ServerAddress = "10.77.0.1";

    /// <summary>The boot server's interface.</summary>
    public const string ServerInterface = "eth0";

    /// <summary>As many machines get an address.</summary>
    public const int MostMachines = 100;

    private const string SiteAddress = "10.77.0.2";
    private const string Switch = "switch";

    private readonly string suffix = $"{Environment.ProcessId}";
    private readonly CancellationTokenSource stop = new();
    private readonly StringBuilder said = new();
    private readonly List<Task> running = [];
    private readonly Action<string>? dhcpSaid;

    private NetbootNetwork(Action<string>? dhcpSaid) => this.dhcpSaid = dhcpSaid;

    /// <summary>Programs that it calls.</summary>
    public static IReadOnlyList<string> Programs { get; } = ["ip", "dnsmasq"];

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

    /// <summary>The link of a machine.</summary>
    /// <param name="number">From 0.</param>
    public static string Tap(int number) => $"tap{number}";

    /// <summary>Makes it.</summary>
    /// <param name="machines">How many links there are.</param>
    /// <param name="hasDhcp">Whether there is a DHCP server of the site.</param>
    /// <param name="dhcpSaid">Told what that one says, line by line; null for nobody.</param>
    /// <param name="cancellation">While it is made.</param>
    /// <exception cref="UserError">A program is missing or the kernel refuses.</exception>
    public static async Task<NetbootNetwork> MakeAsync(
        int machines,
        bool hasDhcp,
        Action<string>? dhcpSaid = null,
        CancellationToken cancellation = default
    )
    {
        Tool.Require(Programs);
        NetbootNetwork network = new(dhcpSaid);
        try
        {
            await network.BuildAsync(machines, cancellation);
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

    /// <summary>Makes the boot server's link as narrow as that, in the direction of the machines.</summary>
    /// <param name="megabits">A second.</param>
    /// <param name="cancellation">While it is made.</param>
    public Task NarrowAsync(int megabits, CancellationToken cancellation) =>
        new Tool(
            "tc",
            $"-n {Server} qdisc add dev {ServerInterface} root tbf rate {megabits}mbit burst 64kb latency 50ms".Split(' ')
        ).RunAsync(cancellation);

    /// <summary>Bytes that the boot server has sent so far, frames and all.</summary>
    public async Task<long> SentAsync(CancellationToken cancellation) =>
        long.Parse(
            await new Tool("ip", "netns", "exec", Server, "cat", $"/sys/class/net/{ServerInterface}/statistics/tx_bytes").ReadAsync(
                cancellation
            ),
            CultureInfo.InvariantCulture
        );

    /// <summary>Writes what goes over the switch from now on into a file, as dumpcap does.</summary>
    /// <param name="file">In the format pcapng.</param>
    /// <returns>Ends the writing.</returns>
    public async Task<Func<Task>> CaptureAsync(string file)
    {
        CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        Task capture = await StartAsync(
            ["netns", "exec", Machines, "dumpcap", "-q", "-i", Switch, "-f", "udp", "-w", file],
            "File:",
            null,
            end.Token
        );
        return async () =>
        {
            await end.CancelAsync();
            await capture.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            end.Dispose();
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        foreach (Task one in running)
        {
            await one.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        foreach (string name in (string[])[Server, Site, Machines])
        {
            await new Tool("ip", "netns", "del", name) { GoodExitCodes = [0, 1] }.RunAsync(CancellationToken.None);
        }
        stop.Dispose();
    }

    private static async Task Ip(string arguments, CancellationToken cancellation) =>
        await new Tool("ip", arguments.Split(' ')) { Hint = "Networks of one's own take root." }.RunAsync(cancellation);

    private async Task BuildAsync(int machines, CancellationToken cancellation)
    {
        foreach (string name in (string[])[Server, Site, Machines])
        {
            await Ip($"netns add {name}", cancellation);
        }
        await Ip($"-n {Machines} link add {Switch} type bridge stp_state 0 forward_delay 0", cancellation);
        await Ip($"-n {Machines} link set {Switch} up", cancellation);
        foreach (
            (string name, string port, string address) in ((string, string, string)[])
                [(Server, "server", ServerAddress), (Site, "site", SiteAddress)]
        )
        {
            await Ip($"-n {name} link add {ServerInterface} type veth peer name {port} netns {Machines}", cancellation);
            await Ip($"-n {Machines} link set {port} master {Switch} up", cancellation);
            await Ip($"-n {name} addr add {address}/24 dev {ServerInterface}", cancellation);
            await Ip($"-n {name} link set {ServerInterface} up", cancellation);
            await Ip($"-n {name} link set lo up", cancellation);
        }
        for (int number = 0; number < machines; number++)
        {
            await Ip($"-n {Machines} tuntap add {Tap(number)} mode tap", cancellation);
            await Ip($"-n {Machines} link set {Tap(number)} master {Switch} up", cancellation);
        }
    }

    private async Task StartDhcpAsync()
    {
        string[] arguments =
        [
            // It would look for three seconds whether an address is free, one machine after another, and firmware gives up before the sixth.
            .. $"netns exec {Site} dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --bind-interfaces --no-ping".Split(' '),
            .. $"--interface={ServerInterface} --dhcp-range=10.77.0.100,10.77.0.{100 + MostMachines} --leasefile-ro".Split(' '),
            .. "--no-resolv --no-hosts --user=root --log-dhcp --log-facility=-".Split(' '),
        ];
        await StartAsync(arguments, "sockets bound", Hear, stop.Token);

        void Hear(string line)
        {
            lock (said)
            {
                said.Append(line).Append('\n');
            }
            dhcpSaid?.Invoke(line);
        }
    }

    /// <summary>Starts a program of ip(8), and returns when it has said that it works.</summary>
    /// <returns>The program; it ends with the network at the latest.</returns>
    private async Task<Task> StartAsync(string[] arguments, string sign, Action<string>? hear, CancellationToken end)
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task program = new Tool("ip", arguments)
        {
            ErrorLine = line =>
            {
                hear?.Invoke(line);
                if (line.Contains(sign, StringComparison.Ordinal))
                {
                    started.TrySetResult();
                }
            },
        }.RunAsync(end);
        running.Add(program);
        if (await Task.WhenAny(started.Task, program) == program)
        {
            // An error of its own, as a rule.
            await program;
            throw new UserError($"{arguments[3]} ended at once.", "Run it by hand to see why: ip " + string.Join(' ', arguments));
        }
        return program;
    }
}
