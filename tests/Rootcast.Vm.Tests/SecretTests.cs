using System.Security.Cryptography;
using System.Text;
using Rootcast.Contract;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Netboot;
using Rootcast.Lab.Running;

namespace Rootcast.Vm.Tests;

/// <summary>What a machine has of its own and of its group, and what nobody but it may see, in a real guest.</summary>
public class SecretTests(GuestLab lab)
{
    private const string Node = "52:54:00:77:00:00";
    private const string Secret = "wjT9-very-private-Xq2";
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ node@test";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8);

    /// <summary>Reports through the lab's port; what it looks for it takes from the file, so that the script has not got it.</summary>
    private const string Check = """
        #!/bin/sh
        for port in /sys/class/virtio-ports/*; do
          [ "$(cat $port/name)" = rootcast.events ] && exec 3> /dev/${port##*/}
        done
        say() { echo "check $1 $2" >&3; }
        say name "$(cat /proc/sys/kernel/hostname)"
        say keys "$(cat /root/.ssh/authorized_keys)"
        say secret "$(stat -c '%a %U' /etc/key) $(sha256sum < /etc/key)"
        say kernel-log "$(dmesg | grep -cFf /etc/key)"
        say run "$(grep -rlFf /etc/key -D skip /run)"
        say console "$(cat /proc/cmdline)"
        """;

    private const string Unit = """
        [Unit]
        Description=Say what this node has of its own
        [Service]
        Type=oneshot
        ExecStart=/usr/local/sbin/node-check
        """;

    [Fact]
    [Trait("tier", "full")]
    public async Task ANodesSecretReachesItOnceAndIsInNoLog()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        NetbootTests.Needs();
        using LabDirectory directory = new();
        Dictionary<string, string> environment = new(StringComparer.Ordinal) { ["ROOTCAST_STORE"] = lab.Store.Directory };
        string program = PublishedProgram.Path;
        string authority = await new Tool(program, "serve", "--export-authority")
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ROOTCAST_STORE"] = lab.Store.Directory },
        }.ReadAsync(cancellation);
        string recipe = Recipes
            .Debian.Replace("name: vm-debian", "name: vm-trusting", StringComparison.Ordinal)
            .Replace(
                "initramfs:\n",
                $"initramfs:\n  files:\n    - {{from: {Write("authority.pem", authority + "\n")}, path: /etc/rootcast/authority.pem}}\n",
                StringComparison.Ordinal
            );
        StoredImage image = await lab.ImageAsync(recipe);
        using KeptNames kept = new(lab.Store);
        await using NetbootNetwork network = await NetbootNetwork.MakeAsync(machines: 1, hasDhcp: true, cancellation: cancellation);
        string state = directory.File("state");
        using PublishedProgram server = PublishedProgram.StartIn(
            network.Server,
            directory.Path,
            environment,
            // Without the argument a kernel under TCG panics now and then on a busy host: its timer comes too late.
            [
                "serve",
                image.Manifest.Name,
                "--form",
                "squashfs",
                "--https",
                $"{NetbootNetwork.ServerAddress}:8443",
                "--state",
                state,
                "--append",
                "console=ttyS0 panic=-1 no_timer_check rootcast.countdown=0",
            ]
        );
        await server.UntilItSays("serving on", Deadline);
        await CliAsync("label", Node, "rack=3");
        await CliAsync(
            "configure",
            "rack=3",
            "--file",
            $"/usr/local/sbin/node-check={Write("check", Check)}:0755",
            "--file",
            $"/etc/systemd/system/node-check.service={Write("unit", Unit)}",
            "--append",
            "systemd.wants=node-check.service"
        );
        await CliAsync(
            "configure",
            Node,
            "--hostname",
            "keeps-a-secret",
            "--ssh-key",
            Write("key.pub", Key),
            "--secret",
            $"/etc/key={Write("secret", Secret)}"
        );
        string console = Path.Combine(Checkout.State, "console", $"secret-{Guid.NewGuid():N}.log");
        QemuProgram qemu = await NetbootMachine.InsideAsync(network, await QemuProgram.RequireAsync(cancellation), directory.File("qemu"));
        BootRun run = new(qemu, new BootWatch(Marks.Ready, Deadline));
        BootReport report = await run.BootAsync(NetbootMachine.Of(NetbootFirmware.Ipxe), directory.MachineFiles(console), cancellation);
        TestContext.Current.SendDiagnosticMessage(server.Said);
        Expect.Ready(report);
        Expect.Said(report, "name", "keeps-a-secret");
        Expect.Said(report, "keys", Key);
        Expect.Said(report, "secret", $"600 root {Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Secret)))}  -");
        Expect.Said(report, "kernel-log", "0");
        // The tree's own file, and nothing else: neither init's plan nor its log, nor the journal's.
        Expect.Said(report, "run", "/run/rootcast/overlay/upper/etc/key");
        KernelArguments line = KernelArguments.Parse(
            report.Events.Single(said => said.Text.StartsWith("console ", StringComparison.Ordinal)).Text["console ".Length..]
        );
        string token = line.Last("rootcast.token")!;
        Assert.StartsWith("https://", line.Last("rootcast.secrets"), StringComparison.Ordinal);
        string second = await InsideAsync("curl", "-sk", "-w", " %{http_code}", "--data", token, line.Last("rootcast.secrets")!);
        Assert.EndsWith(" 403", second, StringComparison.Ordinal);
        string log = await CliAsync("log", Node);
        Assert.Contains("secrets given to 10.77.0.", log, StringComparison.Ordinal);
        Assert.Contains($"secrets refused to {NetbootNetwork.ServerAddress}", log, StringComparison.Ordinal);
        foreach (
            string text in (string[])
                [second, log, server.Said, await File.ReadAllTextAsync(console, cancellation), await CliAsync("configure", Node)]
        )
        {
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        }
        Assert.DoesNotContain(token, server.Said, StringComparison.Ordinal);
        await server.Signal("TERM");
        Assert.Equal(0, await server.ExitCode(Deadline));

        string Write(string name, string text)
        {
            File.WriteAllText(directory.File(name), text);
            return directory.File(name);
        }

        async Task<string> CliAsync(params string[] words) =>
            await InsideAsync(
                program,
                ["node", .. words, "--token", (await File.ReadAllTextAsync(Path.Combine(state, "token"), cancellation)).Trim()]
            );

        Task<string> InsideAsync(string tool, params string[] words) =>
            new Tool("ip", ["netns", "exec", network.Server, tool, .. words]).ReadAsync(cancellation);
    }
}
