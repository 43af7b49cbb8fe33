using Rootcast.Contract;
using Rootcast.Images.Cpio;
using Rootcast.Lab.Boots;

namespace Rootcast.Vm.Tests;

/// <summary>A Debian boots from its own disk with an initramfs that was built there.</summary>
public sealed class OwnDiskTests(GuestLab lab)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>The initramfs shares its data with the modules of the system that it boots.</summary>
    [Fact]
    public Task BootsFromASubvolumeOfBtrfs() => Boots("btrfs", "--reflink", "always");

    [Theory]
    [Trait("tier", "full")]
    [InlineData("ext4", "--compress", "none")]
    [InlineData("ext4", "--compress", "zstd")]
    [InlineData("xfs", "--reflink", "always")]
    public Task BootsFromEveryOtherFileSystem(string type, string option, string value) => Boots(type, option, value);

    private async Task Boots(string type, string option, string value)
    {
        await using InstalledSystem system = await InstalledSystem.MakeAsync(
            lab,
            type,
            await InstalledSystem.KernelAsync(Recipes.Debian, 0)
        );
        string initrd = $"{system.Root}/boot/initrd.img-{system.Kernel.Version}";
        using PublishedProgram build = PublishedProgram.Start(
            system.Beside(""),
            new Dictionary<string, string>(StringComparer.Ordinal),
            ["initramfs", "build", "--root", system.Root, "--kernel", system.Kernel.Version, "--output", initrd, option, value]
        );
        Assert.True(await build.ExitCode(Deadline) == 0, build.Said);
        if (value == "always")
        {
            ArchiveExtents extents = ArchiveExtents.Of(initrd);
            // All but /init, which no file of that system has, small files, and the ends of the others.
            const int percent = 70;
            Assert.True(
                extents.SharedBytes * 100 > extents.TotalBytes * percent,
                $"{extents.SharedBytes} of {extents.TotalBytes} are shared"
            );
        }
        Lab.Machines.Machine machine = system.Machine($"{system.Root}/boot/vmlinuz-{system.Kernel.Version}", initrd, "vm.check");
        await system.UnmountAsync();
        BootReport report = await lab.BootAsync(machine, $"own-disk-{type}", Marks.Ready);
        Expect.Ready(report);
        foreach (string check in (string[])["odd", "write", "units", "initramfs"])
        {
            Expect.Check(report, check);
        }
    }
}
