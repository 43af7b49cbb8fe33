using Rootcast.Formats.Kernels;
using Rootcast.Images.Tools;

namespace Rootcast.Vm.Tests;

/// <summary>Debian's own installer out of its package: a kernel, and the whole system in an initrd. Below artifacts/vm, nothing is installed.</summary>
/// <param name="Kernel">The bzImage.</param>
/// <param name="Initrd">The initrd.</param>
/// <param name="Version">As <c>uname -r</c> prints it.</param>
internal sealed record Installer(string Kernel, string Initrd, string Version)
{
    /// <summary>On the console when it asks what language it is to speak.</summary>
    public const string FirstQuestion = "Select a language";

    /// <summary>Tells it to take its usual way however little memory there is, which would be its first question otherwise.</summary>
    public const string Arguments = "lowmem=+0";

    /// <summary>What anaconda's tree came to, at least.</summary>
    public const long GrownBytes = 360L << 20;

    private const string Package = "debian-installer-12-netboot-amd64";

    // Packages of an installer's kind: libraries, an interpreter, data.
    private static readonly string[] Growth =
    [
        "libllvm15",
        "libicu72",
        "libpython3.11-stdlib",
        "python3.11-minimal",
        "perl-modules-5.36",
        "vim-runtime",
        "cpp-12",
        "libgtk-3-common",
        "libperl5.36",
        "locales",
    ];

    private static string Place => Directory.CreateDirectory(Path.Combine(Checkout.State, "installer")).FullName;

    /// <summary>The installer as it is.</summary>
    public static async Task<Installer> TakeAsync()
    {
        string root = await UnpackAsync(Package, Path.Combine(Place, "package"));
        string images = Path.Combine(root, "usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64");
        string kernel = Path.Combine(images, "linux");
        byte[] first = new byte[KernelImage.BytesNeeded];
        await using FileStream file = File.OpenRead(kernel);
        int got = file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        string? version = KernelImage.VersionOf(first.AsSpan(0, got));
        Assert.NotNull(version);
        return new Installer(kernel, Path.Combine(images, "initrd.gz"), version);
    }

    /// <summary>The installer with further packages in it, by one more segment of its initrd.</summary>
    public static async Task<Installer> GrowAsync()
    {
        Installer plain = await TakeAsync();
        string initrd = Path.Combine(Place, "grown.gz");
        if (File.Exists(initrd))
        {
            return plain with { Initrd = initrd };
        }
        string growth = Path.Combine(Place, "growth");
        foreach (string package in Growth)
        {
            await UnpackAsync(package, growth);
        }
        const string join = """
            set -e
            plain=$1 growth=$2 grown=$3
            cp "$plain" "$grown.new"
            (cd "$growth" && find usr -print0 | sort -z | cpio --create --null --format=newc --quiet | gzip -6) >> "$grown.new"
            bytes=$( (zcat "$plain"; cd "$growth" && find usr -type f -exec cat {} +) | wc -c)
            echo "$bytes"
            mv "$grown.new" "$grown"
            """;
        ToolResult result = await new Tool("sh", "-c", join, "sh", plain.Initrd, growth, initrd).RunAsync(
            TestContext.Current.CancellationToken
        );
        Assert.True(long.Parse(result.Output) >= GrownBytes, $"the grown tree has only {result.Output.Trim()} bytes");
        return plain with { Initrd = initrd };
    }

    /// <summary>A recipe that converts it. Debian's package of the same kernel has the modules that the installer's own selection lacks.</summary>
    public string Recipe(string name, string forms) =>
        $$"""
            name: {{name}}
            source:
              media: {{Initrd}}
            kernels:
              - debian: linux-image-{{Version}}
                suite: bookworm
            forms: [{{forms}}]
            initramfs:
              sets: [virtual]
            files:
              - path: /lib/debian-installer-startup.d/S99rootcast
                mode: 0755
                content: |
                  #!/bin/sh
                  # Tells the lab, when one listens, that the installer runs and can write.
                  for port in /sys/class/virtio-ports/*; do
                    [ "$(cat $port/name)" = rootcast.events ] && exec 3> /dev/${port##*/}
                  done
                  [ -e /proc/self/fd/3 ] || exit 0
                  dd if=/dev/urandom of=/written bs=1M count=24 2> /dev/null
                  sum=$(md5sum < /written); echo 3 > /proc/sys/vm/drop_caches
                  [ "$(wc -c < /written)" = 25165824 ] && [ "$(md5sum < /written)" = "$sum" ] && echo "check write ok" >&3
                  read -r up idle < /proc/uptime
                  echo "mark ready ${up%.*}${up#*.}0000000" >&3
                  echo done >&3

            """;

    /// <summary>Downloads a package of bookworm by the host's apt and unpacks it.</summary>
    private static async Task<string> UnpackAsync(string package, string root)
    {
        string done = Path.Combine(Place, $"{package}.done");
        if (!File.Exists(done))
        {
            CancellationToken cancellation = TestContext.Current.CancellationToken;
            string debs = Directory.CreateDirectory(Path.Combine(Place, "debs", package)).FullName;
            await new Tool("apt-get", "download", "-q", $"{package}/bookworm") { WorkingDirectory = debs }.RunAsync(cancellation);
            await new Tool("dpkg-deb", "-x", Directory.GetFiles(debs).Single(), root).RunAsync(cancellation);
            await File.WriteAllTextAsync(done, "", cancellation);
        }
        return root;
    }
}
