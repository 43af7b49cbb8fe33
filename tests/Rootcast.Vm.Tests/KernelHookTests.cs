using Rootcast.Contract;
using Rootcast.Images.Sources;
using Rootcast.Images.Tools;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;

namespace Rootcast.Vm.Tests;

/// <summary>A machine with the hooks gets a kernel's package, and boots into that kernel with the initramfs that it made for it.</summary>
[Trait("tier", "full")]
public sealed class KernelHookTests(GuestLab lab)
{
    private const string Unit = """
        [Unit]
        ConditionKernelCommandLine=vm.install
        Before=multi-user.target
        After=basic.target
        [Service]
        Type=oneshot
        ExecStart=/usr/local/sbin/install-kernel

        """;

    [Fact]
    public async Task ANewKernelGetsItsInitramfsAndBoots()
    {
        KernelFiles added = await InstalledSystem.KernelAsync(Recipes.Debian, 0);
        await using InstalledSystem system = await InstalledSystem.MakeAsync(
            lab,
            "ext4",
            await InstalledSystem.KernelAsync(Recipes.TwoKernels, name => name != added.Version)
        );
        string? program = Environment.GetEnvironmentVariable("ROOTCAST");
        Assert.SkipUnless(program is { Length: > 0 }, "rootcast is not published: ./test vm does that and names it in $ROOTCAST");
        File.Copy(program!, $"{system.Root}/usr/bin/rootcast");
        await PackageAsync(added, system);
        await File.WriteAllTextAsync($"{system.Root}/usr/local/sbin/install-kernel", ScriptOf(added.Version), Cancellation);
        await File.WriteAllTextAsync($"{system.Root}/etc/systemd/system/install-kernel.service", Unit, Cancellation);
        await RunAsync("chmod", "755", $"{system.Root}/usr/local/sbin/install-kernel", $"{system.Root}/usr/bin/rootcast");
        await RunAsync("systemctl", $"--root={system.Root}", "add-wants", "multi-user.target", "install-kernel.service");
        string first = system.Beside("first");
        using (
            PublishedProgram build = PublishedProgram.Start(
                system.Beside(""),
                new Dictionary<string, string>(StringComparer.Ordinal),
                ["initramfs", "build", "--root", system.Root, "--kernel", system.Kernel.Version, "--output", first, "--compress", "zstd"]
            )
        )
        {
            Assert.True(await build.ExitCode(TimeSpan.FromMinutes(2)) == 0, build.Said);
        }
        Machine machine = system.Machine(system.Kernel.ImagePath, first, "vm.install");
        await system.UnmountAsync();
        BootReport report = await lab.BootAsync(machine, "hook-install", Marks.Ready);
        Expect.Ready(report);
        Expect.Check(report, "hook");

        await system.MountAsync();
        machine = system.Machine(
            $"{system.Root}/boot/vmlinuz-{added.Version}",
            $"{system.Root}/boot/initrd.img-{added.Version}",
            "vm.check"
        );
        await system.UnmountAsync();
        // Only modules of the new kernel are in there, so only that can have mounted the root.
        report = await lab.BootAsync(machine, "hook-boot", Marks.Ready);
        Expect.Ready(report);
        Expect.Check(report, "odd");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task<ToolResult> RunAsync(string program, params string[] arguments) =>
        new Tool(program, arguments).RunAsync(Cancellation);

    /// <summary>What Debian's package of a kernel does to a system: its files, and its scripts' calls of run-parts.</summary>
    private static async Task PackageAsync(KernelFiles kernel, InstalledSystem system)
    {
        string package = Directory.CreateDirectory(system.Beside("package")).FullName;
        string control = Directory.CreateDirectory($"{package}/DEBIAN").FullName;
        string modules = Directory.CreateDirectory($"{package}/usr/lib/modules").FullName;
        await RunAsync("cp", "-a", kernel.ModulesDirectory, $"{modules}/{kernel.Version}");
        await RunAsync("cp", kernel.ImagePath, $"{Directory.CreateDirectory($"{package}/boot").FullName}/vmlinuz-{kernel.Version}");
        await File.WriteAllTextAsync(
            $"{control}/control",
            $"Package: linux-image-{kernel.Version}\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: a kernel\n",
            Cancellation
        );
        await File.WriteAllTextAsync(
            $"{control}/postinst",
            $"""
            #!/bin/sh
            set -e
            export DEB_MAINT_PARAMS="'$1' '$2'"
            run-parts --report --exit-on-error --arg={kernel.Version} --arg=/boot/vmlinuz-{kernel.Version} /etc/kernel/postinst.d

            """,
            Cancellation
        );
        await RunAsync("chmod", "755", $"{control}/postinst");
        await RunAsync("dpkg-deb", "--root-owner-group", "-Znone", "--build", package, $"{system.Root}/kernel.deb");
    }

    private static string ScriptOf(string version) =>
        $$"""
            #!/bin/sh
            for port in /sys/class/virtio-ports/*; do
              [ "$(cat $port/name)" = rootcast.events ] && exec 3> /dev/${port##*/}
            done
            export HOME=/root
            said=$({ rootcast initramfs hook install && dpkg -i /kernel.deb && rootcast initramfs hook status &&
              rootcast initramfs check /boot/initrd.img-{{version}} --kernel {{version}}; } 2>&1) && said=ok
            printf 'check hook %s' "$said" | tr '\n' ';' | head -c 3000 >&3
            echo >&3
            sync

            """;
}
