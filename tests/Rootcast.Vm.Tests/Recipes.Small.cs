using Rootcast.Images.Tools;

namespace Rootcast.Vm.Tests;

internal static partial class Recipes
{
    /// <summary>A Debian kernel and an initramfs that knows tmpfs alone; the tree is <see cref="Busybox"/>'s.</summary>
    public static string TmpfsOnly =>
        Busybox()
            .Replace("vm-busybox", "vm-tmpfs", StringComparison.Ordinal)
            .Replace("[tmpfs, ramdisk, squashfs]", "[tmpfs]", StringComparison.Ordinal);

    /// <summary>Two kernels in one initramfs; the tree is <see cref="Busybox"/>'s.</summary>
    public static string TwoKernels =>
        Busybox()
            .Replace("vm-busybox", "vm-kernels", StringComparison.Ordinal)
            .Replace("forms:", "  - debian: generic\n    suite: bookworm\nforms:", StringComparison.Ordinal);

    /// <summary>One file: the static busybox, which is also the init.</summary>
    public static string Busybox()
    {
        string? busybox = Tool.Find("busybox");
        Assert.SkipUnless(busybox is not null, "busybox is not installed (busybox-static)");
        string tree = EmptyTree("busybox");
        File.Copy(busybox!, Path.Combine(tree, "bin/busybox"), overwrite: true);
        File.WriteAllText(
            Path.Combine(tree, "etc/inittab"),
            """
            ::sysinit:/bin/busybox sh /etc/report

            """
        );
        File.WriteAllText(
            Path.Combine(tree, "etc/report"),
            """
            b=/bin/busybox
            for port in /sys/class/virtio-ports/*; do
              [ "$($b cat $port/name)" = rootcast.events ] && exec 3> /dev/${port##*/}
            done
            $b touch /written && echo "check busybox ok" >&3
            read -r up idle < /proc/uptime
            echo "mark ready ${up%.*}${up#*.}0000000" >&3
            echo done >&3

            """
        );
        return Small("vm-busybox", tree);
    }

    /// <summary>A tree in which nothing can be handed over to.</summary>
    public static string WithoutInit() => Small("vm-without-init", EmptyTree("without-init"));

    private static string EmptyTree(string name)
    {
        string tree = Path.Combine(Checkout.State, "trees", name);
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
            forms: [tmpfs, ramdisk, squashfs]

            """;
}
