using Rootcast.Contract;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Running;

namespace Rootcast.Vm.Tests;

/// <summary>A Debian whose root lies on RAID, LUKS and LVM boots with the initramfs that <c>rootcast initramfs build --host</c> made on it.</summary>
[Trait("tier", "full")]
public sealed class RootStackTests(GuestLab lab)
{
    private const long DiskBytes = 2L << 30;
    private const long ResultBytes = 128L << 20;

    /// <summary>The key comes out of the initramfs.</summary>
    [Fact]
    public Task LvmOnLuksOnRaid() => Boots("whole", 2, "root=/dev/my-vg/root ro", "lvm crypt raid1 disk disk");

    [Fact]
    public Task LuksAsksForThePassphraseOnTheConsole() => Boots("prompt", 1, "", "crypt disk", ("Enter passphrase for /dev/vda", "secret"));

    [Fact]
    public Task AThinVolume() => Boots("thin", 2, "ro", "lvm lvm lvm disk disk lvm disk disk");

    /// <summary>One of two disks is gone: it waits for it, and starts without.</summary>
    [Fact]
    public Task ARaidThatLacksADisk() => Boots("degraded", 1, "ro rootcast.timeout=5", "raid1 disk");

    private async Task Boots(string stack, int disks, string arguments, string layers, (string, string)? answer = null)
    {
        string? program = Environment.GetEnvironmentVariable("ROOTCAST");
        Assert.SkipUnless(program is { Length: > 0 }, "rootcast is not published: ./test vm does that and names it in $ROOTCAST");
        using LabDirectory directory = new();
        string carried = directory.File("program.tar");
        await new Tool("tar", "-C", Path.GetDirectoryName(program)!, "-cf", carried, Path.GetFileName(program)!).RunAsync(Cancellation);
        MachineDisk result = Empty(directory.File("result"), ResultBytes);
        MachineDisk[] parts = [Empty(directory.File("part1"), DiskBytes), Empty(directory.File("part2"), DiskBytes)];
        BootReport report = await lab.BootAsync(
            new Scenario
            {
                Recipe = Recipes.Stack,
                Arguments = $"vm.stack={stack}",
                Disks = [new MachineDisk(carried), result, .. parts],
                Deadline = 3 * GuestLab.Deadline,
            }
        );
        Expect.Ready(report);
        Expect.Check(report, "made");

        await new Tool("tar", "-C", directory.Path, "-xf", result.Path).RunAsync(Cancellation);
        StoredImage image = await lab.ImageAsync(Recipes.Stack);
        Machine machine = new()
        {
            Kernel = lab.Store.PathOf(image.Manifest.Kernels[0].Blob),
            Initrd = directory.File("initrd.img"),
            CommandLine = $"{arguments} vm.layers panic=-1",
            Disks = parts[..disks],
        };
        report = await lab.BootAsync(machine, $"stack-{stack}", Marks.Ready, answer: answer);
        Expect.Ready(report);
        Expect.Said(report, "layers", layers + " ");
        Expect.Said(report, "write", "x");
        Expect.Said(report, "units", "");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static MachineDisk Empty(string path, long bytes)
    {
        using FileStream file = File.Create(path);
        file.SetLength(bytes);
        return new MachineDisk(path, IsWritable: true);
    }
}
