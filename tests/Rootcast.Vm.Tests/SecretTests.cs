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
    private const string Secret = "wjT9-very-private-Xq2";
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ node@test";

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
        ServedNetwork.Needs();
        string program = PublishedProgram.Path;
        using LabDirectory packed = new();
        string certificate = packed.File("authority.pem");
        string authority = await new Tool(program, "serve", "--export-authority")
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ROOTCAST_STORE"] = lab.Store.Directory },
        }.ReadAsync(cancellation);
        await File.WriteAllTextAsync(certificate, authority + "\n", cancellation);
        string recipe = Recipes
            .Debian.Replace("name: vm-debian", "name: vm-trusting", StringComparison.Ordinal)
            .Replace(
                "initramfs:\n",
                $"initramfs:\n  files:\n    - {{from: {certificate}, path: /etc/rootcast/authority.pem}}\n",
                StringComparison.Ordinal
            );
        StoredImage image = await lab.ImageAsync(recipe);
        await using ServedNetwork served = await ServedNetwork.MakeAsync(lab);
        await served.ServeAsync(image.Manifest.Name, "--form", "squashfs", "--https", $"{NetbootNetwork.ServerAddress}:8443");
        await served.NodeAsync("label", ServedNetwork.Node, "rack=3");
        await served.NodeAsync(
            "configure",
            "rack=3",
            "--file",
            $"/usr/local/sbin/node-check={served.Write("check", Check)}:0755",
            "--file",
            $"/etc/systemd/system/node-check.service={served.Write("unit", Unit)}",
            "--append",
            "systemd.wants=node-check.service"
        );
        await served.NodeAsync(
            "configure",
            ServedNetwork.Node,
            "--hostname",
            "keeps-a-secret",
            "--ssh-key",
            served.Write("key.pub", Key),
            "--secret",
            $"/etc/key={served.Write("secret", Secret)}"
        );
        BootReport report = await served.BootAsync();
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
        string second = await served.BesideServerAsync(
            "curl",
            "-sk",
            "-w",
            " %{http_code}",
            "--data",
            token,
            line.Last("rootcast.secrets")!
        );
        Assert.EndsWith(" 403", second, StringComparison.Ordinal);
        string log = await served.NodeAsync("log", ServedNetwork.Node);
        Assert.Contains("secrets given to 10.77.0.", log, StringComparison.Ordinal);
        Assert.Contains($"secrets refused to {NetbootNetwork.ServerAddress}", log, StringComparison.Ordinal);
        foreach (
            string text in (string[])
                [
                    second,
                    log,
                    served.Server.Said,
                    await File.ReadAllTextAsync(report.ConsoleLog, cancellation),
                    await served.NodeAsync("configure", ServedNetwork.Node),
                ]
        )
        {
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        }
        Assert.DoesNotContain(token, served.Server.Said, StringComparison.Ordinal);
        await served.EndAsync();
    }
}
