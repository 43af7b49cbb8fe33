using System.Text;
using Rootcast.Cli.Boots;
using Rootcast.Cli.Host;
using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Images.Recipes;
using Rootcast.Images.Sources.Apt;

namespace Rootcast.Cli.Measuring;

/// <summary>Trees in which others' tools make their initramfs: nothing of them is installed on this host.</summary>
internal static class PeerRecipes
{
    /// <summary>Where the initramfs is in such a tree.</summary>
    public const string InitramfsPath = "boot/peer.img";

    /// <summary>The suite whose dracut is older than 106: there it comes from the backports.</summary>
    private const string OlderSuite = "bookworm";

    /// <summary>The recipe for a host and a kernel.</summary>
    /// <exception cref="UserError">None of the host's archives has the backports that are needed.</exception>
    public static Recipe Of(PeerInitramfs peer, HostSystem host, string kernelVersion)
    {
        string suite = TryRecipe.SuiteOf(host);
        string text = peer == PeerInitramfs.LiveBoot ? LiveBoot(suite, kernelVersion) : Dracut(suite, kernelVersion, AptEntries.OfHost());
        return Recipe.Parse(Encoding.UTF8.GetBytes(text), "the recipe of a peer of 'rootcast measure --peers'");
    }

    /// <summary>live-boot's, by initramfs-tools.</summary>
    internal static string LiveBoot(string suite, string kernelVersion) =>
        Text(
            "peer-live-boot",
            suite,
            kernelVersion,
            ["live-boot", "live-boot-initramfs-tools", "initramfs-tools", "busybox", "zstd"],
            "",
            $"""
            echo virtio_console >> /etc/initramfs-tools/modules
            mkinitramfs -o /{InitramfsPath} {kernelVersion}
            """
        );

    /// <summary>dracut's, 106 or what a later suite has.</summary>
    internal static string Dracut(string suite, string kernelVersion, IReadOnlyList<AptEntry> archives)
    {
        string from = "";
        string extra = "";
        if (suite == OlderSuite)
        {
            from = $"/{suite}-backports";
            string stanza =
                BackportsSource.For(suite, archives)
                ?? throw new UserError(
                    $"dracut 106 is in {suite}-backports, and none of this host's archives has {suite}",
                    "Add Debian's archive to /etc/apt/sources.list.d, or measure without --peers.",
                    UserErrorKind.Missing
                );
            string lines = string.Concat(stanza.TrimEnd().Split('\n').Select(line => $"          {line}\n"));
            extra = $"    extra-sources:\n      - |\n{lines}";
        }
        return Text(
            "peer-dracut",
            suite,
            kernelVersion,
            [
                "systemd-sysv",
                "dmsetup",
                "procps",
                "isc-dhcp-client",
                "iputils-arping",
                "curl",
                "zstd",
                "iproute2",
                $"dracut-core{from}",
                $"dracut-network{from}",
                $"dracut-live{from}",
            ],
            extra,
            $"""
            # Debian's dracut-network asks for a module that its own tools cannot install.
            rm -f /etc/dracut.conf.d/11-ifcfg.conf
            dracut --no-hostonly --no-hostonly-cmdline --zstd --add 'dmsquash-live livenet network' --add-drivers virtio_console --force /{InitramfsPath} {kernelVersion}
            """
        );
    }

    private static string Text(
        string name,
        string suite,
        string kernelVersion,
        IReadOnlyList<string> packages,
        string extra,
        string script
    ) =>
        $"""
            name: {name}
            source:
              debian:
                suite: {suite}
                packages: [linux-image-{kernelVersion}, {string.Join(", ", packages)}]
            """
        + $"\n{extra}"
        + $"""
            kernels:
              - debian: linux-image-{kernelVersion}
            forms: [tmpfs]
            scripts:
              - |

            """
        + string.Concat(script.Split('\n').Select(line => $"    {line}\n"));
}
