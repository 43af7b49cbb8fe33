using Rootcast.Images.Tools;

namespace Rootcast.Vm.Tests;

/// <summary>Media to convert, below artifacts/vm.</summary>
internal static class Converted
{
    /// <summary>A recipe that converts a medium into form squashfs.</summary>
    /// <param name="name">Of the image.</param>
    /// <param name="file">The medium.</param>
    /// <param name="kernel">A kernel as in the recipe: <c>media: {}</c> for its own.</param>
    public static string Recipe(string name, string file, string kernel)
    {
        string suite = kernel.StartsWith("debian", StringComparison.Ordinal) ? "\n    suite: bookworm" : "";
        return $"name: {name}\nsource:\n  media: {file}\nkernels:\n  - {kernel}{suite}\nforms: [squashfs]\n";
    }

    /// <summary>An initrd out of two archives, whose /init fails where something is mounted already, as Debian's installer does.</summary>
    public static async Task<string> InitrdAsync()
    {
        string? busybox = Tool.Find("busybox");
        Assert.SkipUnless(busybox is not null, "busybox is not installed (busybox-static)");
        string directory = Path.Combine(Checkout.State, "media", "initrd");
        Directory.CreateDirectory(Path.Combine(directory, "tree", "bin"));
        File.Copy(busybox!, Path.Combine(directory, "tree", "bin", "busybox"), overwrite: true);
        string init = Path.Combine(directory, "tree", "init");
        await File.WriteAllTextAsync(
            init,
            """
            #!/bin/busybox sh
            set -e
            b=/bin/busybox
            $b mkdir -p /proc /sys /dev /run
            $b mount -t proc proc /proc
            mounts=$($b grep -c . /proc/mounts)
            $b mount -t sysfs sysfs /sys
            $b mount -t devtmpfs devtmpfs /dev
            $b mount -t tmpfs tmpfs /run
            for port in /sys/class/virtio-ports/*; do
              if [ "$($b cat $port/name)" = rootcast.events ]; then exec 3> /dev/${port##*/}; fi
            done
            # The rootfs, the root and what was just mounted.
            if [ "$mounts" -le 3 ]; then echo "check mounts ok" >&3; else echo "check mounts $($b cut -d' ' -f2 /proc/mounts | $b tr '\n' ' ')" >&3; fi
            if [ -e /second ] && echo x > /written; then echo "check root ok" >&3; fi
            read -r up idle < /proc/uptime
            echo "mark ready ${up%.*}${up#*.}0000000" >&3
            echo done >&3
            exec $b sleep 1000

            """
        );
        await ShellAsync(
            directory,
            """
            chmod 755 tree/init; mkdir -p second; : > second/second
            (cd tree && find . | sort | cpio -o -H newc --quiet) > initrd.new
            (cd second && find . | sort | cpio -o -H newc --quiet | gzip) >> initrd.new
            mv initrd.new initrd
            """
        );
        return Recipe("vm-initrd", Path.Combine(directory, "initrd"), "debian: cloud");
    }

    /// <summary>A live ISO as live-build makes it, of the host's mirror; made once.</summary>
    public static async Task<string> LiveBuildAsync()
    {
        Assert.SkipUnless(Tool.Find("lb") is not null, "lb is not installed (live-build)");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "live-build needs root");
        string directory = Directory.CreateDirectory(Path.Combine(Checkout.State, "media", "live-build")).FullName;
        string iso = Path.Combine(directory, "live-image-amd64.hybrid.iso");
        if (!File.Exists(iso))
        {
            await ShellAsync(
                directory,
                """
                # The archive of the host's apt.
                mirror=$(apt-cache policy base-files | grep -oE 'https?://[^ ]+' | grep -vE 'backports|security' | head -n 1)
                lb clean --purge > log 2>&1
                lb config --distribution bookworm --archive-areas main --debian-installer none --binary-images iso-hybrid \
                  --mirror-bootstrap "$mirror" --mirror-binary "$mirror" --mirror-chroot "$mirror" \
                  --security false --updates false --bootloaders syslinux --apt-recommends false --memtest none --firmware-chroot false \
                  --linux-flavours cloud-amd64 --apt-indices false --cache false --chroot-squashfs-compression-type zstd \
                  --debootstrap-options '--variant=minbase' >> log 2>&1
                lb build >> log 2>&1 || { tail -n 20 log >&2; exit 1; }
                """
            );
        }
        return iso;
    }

    private static async Task ShellAsync(string directory, string script) =>
        await new Tool("sh", "-ec", script) { WorkingDirectory = directory }.RunAsync(TestContext.Current.CancellationToken);
}
