using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Rootcast.Contract;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Netboot;
using Rootcast.Lab.Running;

namespace Rootcast.Cli.Boots;

/// <summary>A network with machines that boot from <c>rootcast serve</c>, told of line by line while it happens.</summary>
/// <param name="store">Where the image is.</param>
/// <param name="order">What boots.</param>
/// <param name="people">Where lines go; one line at a time.</param>
internal sealed class NetbootRun(ImageStore store, NetbootOrder order, TextWriter people)
{
    /// <summary>What the server says when machines can come.</summary>
    private const string Serving = "serving on";

    private readonly long started = Stopwatch.GetTimestamp();
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, string> addresses = new(StringComparer.Ordinal);

    /// <summary>Boots all; whether all got ready. When it returns or throws nothing is left.</summary>
    /// <exception cref="UserError">The network cannot be made, or the server cannot start.</exception>
    public async Task<bool> RunAsync(IProgressDisplay progress, CancellationToken cancellation)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new UserError("Network namespaces take root.", "Run it as root: sudo rootcast lab netboot …", UserErrorKind.Input);
        }
        // What is missing is said before anything is made.
        Tool.Require([.. NetbootNetwork.Programs, QemuProgram.Name]);
        for (int number = 0; number < order.Nodes; number++)
        {
            _ = MachineOf(number, Accelerator.Tcg);
        }
        LabHost host = await LabHost.FindAsync(store, order.Image, progress, cancellation);
        using LabDirectory directory = new();
        await using NetbootNetwork network = await NetbootNetwork.MakeAsync(order.Nodes, hasDhcp: true, HearDhcp, cancellation);
        if (order.Link is { } megabits)
        {
            await network.NarrowAsync(megabits, cancellation);
        }
        Say("network", $"{order.Nodes} machines, dnsmasq as the site's DHCP server, rootcast serve at {NetbootNetwork.ServerAddress}");
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task server = await ServeAsync(network, directory, host.Choice.Accelerator, end.Token);
        try
        {
            long before = Stopwatch.GetTimestamp();
            QemuProgram inside = await NetbootMachine.InsideAsync(network, host.Qemu, directory.File("qemu"));
            Task<bool>[] boots =
            [
                .. Enumerable
                    .Range(0, order.Nodes)
                    .Select(number => BootAsync(inside, MachineOf(number, host.Choice.Accelerator), number, end.Token)),
            ];
            Task all = Task.WhenAll(boots);
            if (await Task.WhenAny(all, server) == server)
            {
                await end.CancelAsync();
                await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await server;
            }
            await all;
            bool[] ready = [.. boots.Select(boot => boot.Result)];
            Say("all", $"{ready.Count(one => one)} of {order.Nodes} machines got ready");
            SayBytes(await network.SentAsync(cancellation), Stopwatch.GetElapsedTime(before));
            return ready.All(one => one);
        }
        finally
        {
            await end.CancelAsync();
            await server.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Machine MachineOf(int number, Accelerator accelerator) =>
        NetbootMachine.Of(order.Firmware, number, order.MemoryBytes) with
        {
            Accelerator = accelerator,
        };

    /// <summary>Starts this very program as the boot server, in its namespace.</summary>
    private async Task<Task> ServeAsync(
        NetbootNetwork network,
        LabDirectory directory,
        Accelerator accelerator,
        CancellationToken cancellation
    )
    {
        // What the server remembers of nodes, and the names under which it keeps their images, go with the lab: an index of its own over the store's blobs.
        ImageStore view = store.View(directory.File("store"));
        TaskCompletionSource serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // A kernel under TCG panics now and then on a busy host: its timer comes too late.
        string append = "console=ttyS0 panic=-1" + (accelerator == Accelerator.Tcg ? " no_timer_check" : "");
        List<string> arguments = ["netns", "exec", network.Server, Environment.ProcessPath!, "serve", order.Image.Name, "--append", append];
        arguments.AddRange(["--state", directory.File("state")]);
        if (order.Form is { } form)
        {
            arguments.AddRange(["--form", Names.Of(form)]);
        }
        if (order.Downloads is { } downloads)
        {
            arguments.AddRange(["--downloads", downloads.ToString(CultureInfo.InvariantCulture)]);
        }
        Task server = new Tool("ip", arguments)
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ROOTCAST_STORE"] = view.Directory },
            ErrorLine = line =>
            {
                Say("server", Named(line));
                if (line.StartsWith(Serving, StringComparison.Ordinal))
                {
                    serving.TrySetResult();
                }
            },
        }.RunAsync(cancellation);
        if (await Task.WhenAny(serving.Task, server) == server)
        {
            await server;
        }
        return server;
    }

    private async Task<bool> BootAsync(QemuProgram qemu, Machine machine, int number, CancellationToken cancellation)
    {
        using LabDirectory directory = new();
        string name = Name(number);
        Say(name, $"switched on, {machine.Tap!.HardwareAddress}");
        BootRun run = new(
            qemu,
            new BootWatch(Marks.Ready, order.Deadline),
            mark => Say(name, FormattableString.Invariant($"{mark.Name}, {mark.Time.TotalSeconds:0.0} s after its kernel's start"))
        );
        BootReport report = await run.BootAsync(machine, directory.MachineFiles(), cancellation);
        if (report.Ready)
        {
            Say(name, "is ready, and switched off");
            return true;
        }
        Say(name, $"did not get ready: {report.Ending}");
        IEnumerable<string> console =
            report.FailureScreen.Count > 0 ? report.FailureScreen : File.ReadLines(report.ConsoleLog).TakeLast(20);
        foreach (string line in console)
        {
            Say(name, "| " + line);
        }
        return false;
    }

    /// <summary>How much went over the link, and how long it takes by its width.</summary>
    private void SayBytes(long bytes, TimeSpan time)
    {
        double least = order.Link is { } megabits ? bytes * 8 / 1e6 / megabits : 0;
        string link =
            least > 0
                ? FormattableString.Invariant(
                    $"; over {order.Link} Mbit/s they take {least:0.0} s: {time.TotalSeconds / least:0.00} times that"
                )
                : "";
        Say("all", FormattableString.Invariant($"{time.TotalSeconds:0.0} s for the {bytes / 1e6:0} MB that the server sent{link}"));
    }

    private static string Name(int number) => $"node {number + 1}";

    /// <summary>Of all that dnsmasq says only who got which address.</summary>
    private void HearDhcp(string line)
    {
        if (
            line.IndexOf("DHCPACK(", StringComparison.Ordinal) is var at and >= 0
            && line[at..].Split(' ') is [_, var address, var owner, ..]
        )
        {
            string name = Named(owner);
            addresses[address] = name;
            Say("dhcp", $"{name} has {address}");
        }
    }

    /// <summary>A line of the server's log with the machines' names instead of their addresses.</summary>
    private string Named(string line)
    {
        string[] words = line.Split(' ');
        for (int i = 0; i < words.Length; i++)
        {
            for (int number = 0; number < order.Nodes; number++)
            {
                if (words[i] == MachineOf(number, Accelerator.Tcg).Tap!.HardwareAddress)
                {
                    words[i] = Name(number);
                }
            }
            words[i] = addresses.GetValueOrDefault(words[i], words[i]);
        }
        return string.Join(' ', words);
    }

    private void Say(string who, string text)
    {
        lock (gate)
        {
            people.WriteLine(FormattableString.Invariant($"{Stopwatch.GetElapsedTime(started).TotalSeconds, 7:0.0} s  {who, -8} {text}"));
        }
    }
}
