using Rootcast.Images.Tools;

namespace Rootcast.Vm.Tests;

internal static partial class Recipes
{
    /// <summary>The tree of <see cref="Debian"/> in a Btrfs in a squashfs.</summary>
    public static string LivefsOfBtrfs =>
        Debian
            .Replace("name: vm-debian", "name: vm-livefs-of-btrfs", StringComparison.Ordinal)
            .Replace(
                "forms: [tmpfs, ramdisk, livefs, squashfs, erofs, zram, disk, initramfs]",
                "forms: [livefs: {filesystem: btrfs}]",
                StringComparison.Ordinal
            );

    /// <summary>A server that has its kernel's package, as one that was installed.</summary>
    public const string WithItsKernel = """
        name: vm-with-its-kernel
        source:
          debian:
            suite: bookworm
            packages: [systemd-sysv, dbus, udev, openssh-server, iproute2, linux-image-cloud-amd64]
        kernels:
          - debian: cloud
            suite: bookworm
        forms: [tmpfs, zram: {filesystem: btrfs}]
        hostname: vm
        root:
          password-hash: '!'

        """;

    /// <summary>A Debian kernel and an initramfs that knows tmpfs alone; the tree is <see cref="Busybox"/>'s.</summary>
    public static string TmpfsOnly =>
        Busybox()
            .Replace("vm-busybox", "vm-tmpfs", StringComparison.Ordinal)
            .Replace("[tmpfs, ramdisk, livefs, squashfs]", "[tmpfs]", StringComparison.Ordinal);

    /// <summary>EROFS on Linux 6.12, which mounts a file without a loop device; the tree is <see cref="Busybox"/>'s.</summary>
    public static string ErofsOnANewerKernel =>
        Busybox()
            .Replace("vm-busybox", "vm-erofs-newer", StringComparison.Ordinal)
            .Replace("suite: bookworm", "suite: bookworm-backports", StringComparison.Ordinal)
            .Replace("[tmpfs, ramdisk, livefs, squashfs]", "[erofs]", StringComparison.Ordinal);

    /// <summary>Two kernels in one initramfs; the tree is <see cref="Busybox"/>'s.</summary>
    public static string TwoKernels =>
        Busybox()
            .Replace("vm-busybox", "vm-kernels", StringComparison.Ordinal)
            .Replace("forms:", "  - debian: generic\n    suite: bookworm\nforms:", StringComparison.Ordinal);

    /// <summary>One file: the static busybox, which is also the init.</summary>
    public static string Busybox() => WithScript("busybox", "$b touch /written && say busybox ok");

    /// <summary>A busybox that runs a script at its start, and then says that it is ready.</summary>
    /// <param name="name">Of the tree; another script needs another name.</param>
    /// <param name="script">For busybox's shell: <c>$b</c> is busybox, <c>say NAME TEXT</c> sends a check to the lab.</param>
    public static string WithScript(string name, string script)
    {
        string? busybox = Tool.Find("busybox");
        Assert.SkipUnless(busybox is not null, "busybox is not installed (busybox-static)");
        string tree = EmptyTree(name);
        File.Copy(busybox!, Path.Combine(tree, "bin/busybox"), overwrite: true);
        File.WriteAllText(
            Path.Combine(tree, "etc/inittab"),
            """
            ::sysinit:/bin/busybox sh /etc/report

            """
        );
        File.WriteAllText(
            Path.Combine(tree, "etc/report"),
            $$"""
            b=/bin/busybox
            for port in /sys/class/virtio-ports/*; do
              [ "$($b cat $port/name)" = rootcast.events ] && exec 3> /dev/${port##*/}
            done
            while read -r line; do echo "memory $line" >&3; done < /proc/meminfo
            # Free pages that the kernel keeps at hand for each processor: they are not in MemFree.
            echo "percpu $($b awk '$1 == "count:" { pages += $2 } END { print pages * 4096 }' /proc/zoneinfo)" >&3
            say() { echo "check $*" >&3; }
            {{script}}
            echo "root $($b grep ' / ' /proc/mounts | $b tail -n 1)" >&3
            echo "plan $($b cat /run/rootcast/plan)" >&3
            read -r up idle < /proc/uptime
            echo "mark ready ${up%.*}${up#*.}0000000" >&3
            echo done >&3

            """
        );
        return Small($"vm-{name}", tree);
    }

    /// <summary>The tree of <see cref="Busybox"/> with a link that leads out of the initramfs when it is not followed inside the tree.</summary>
    public static string ForNodes()
    {
        string recipe = WithScript("node", "say node missing");
        string link = Path.Combine(TreeOf("node"), "settings");
        File.Delete(link);
        File.CreateSymbolicLink(link, "/etc");
        return recipe;
    }

    /// <summary>A tree in which nothing can be handed over to.</summary>
    public static string WithoutInit() => Small("vm-without-init", EmptyTree("without-init"));

    /// <summary>Where the tree of a recipe of this page is.</summary>
    public static string TreeOf(string name) => Path.Combine(Checkout.State, "trees", name);

    private static string EmptyTree(string name)
    {
        string tree = TreeOf(name);
        foreach (string directory in (string[])["bin", "dev", "etc", "proc", "run", "sbin", "sys", "tmp"])
        {
            Directory.CreateDirectory(Path.Combine(tree, directory));
        }
        return tree;
    }

    private static string Small(string name, string tree) =>
        $"""
            name: {name}
            source:
              directory: {tree}
            kernels:
              - debian: cloud
                suite: bookworm
            forms: [tmpfs, ramdisk, livefs, squashfs]

            """;
}
