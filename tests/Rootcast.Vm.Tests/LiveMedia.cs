using Rootcast.Images.Tools;
using Rootcast.Lab.Machines;

namespace Rootcast.Vm.Tests;

/// <summary>Media as other tools make them, below artifacts/vm.</summary>
internal static class LiveMedia
{
    /// <summary>An ISO as livecd-tools makes it: <c>LiveOS/squashfs.img</c> with <c>LiveOS/rootfs.img</c> (ext4) in it.</summary>
    public static async Task<MachineDisk> FedoraIsoAsync(string tree, string label)
    {
        string directory = Empty("fedora");
        string nested = Directory.CreateDirectory(Path.Combine(directory, "nested", "LiveOS")).FullName;
        string medium = Directory.CreateDirectory(Path.Combine(directory, "medium", "LiveOS")).FullName;
        await RunAsync("mke2fs", "-q", "-t", "ext4", "-L", "_rootfs", "-d", tree, Path.Combine(nested, "rootfs.img"), "64M");
        await RunAsync("mksquashfs", Path.GetDirectoryName(nested)!, Path.Combine(medium, "squashfs.img"), "-quiet", "-no-progress");
        string iso = Path.Combine(directory, "live.iso");
        await RunAsync("xorriso", "-as", "mkisofs", "-quiet", "-V", label, "-o", iso, Path.GetDirectoryName(medium)!);
        return new MachineDisk(iso);
    }

    /// <summary>A file system as live-build makes it: <c>live/filesystem.squashfs</c>.</summary>
    public static async Task<MachineDisk> DebianAsync(string squashfs)
    {
        string directory = Empty("debian");
        string medium = Directory.CreateDirectory(Path.Combine(directory, "medium", "live")).FullName;
        File.Copy(squashfs, Path.Combine(medium, "filesystem.squashfs"));
        return await Ext4Async(directory, "medium", "DEBIAN");
    }

    /// <summary>live-boot's partition for what is written.</summary>
    public static async Task<MachineDisk> PersistenceAsync(string configuration)
    {
        string directory = Empty("persistence");
        string medium = Directory.CreateDirectory(Path.Combine(directory, "medium")).FullName;
        await File.WriteAllTextAsync(Path.Combine(medium, "persistence.conf"), configuration);
        return await Ext4Async(directory, "medium", "persistence") with { IsWritable = true };
    }

    private static async Task<MachineDisk> Ext4Async(string directory, string tree, string label)
    {
        string image = Path.Combine(directory, label);
        await RunAsync("mke2fs", "-q", "-t", "ext4", "-L", label, "-d", Path.Combine(directory, tree), image, "256M");
        return new MachineDisk(image);
    }

    private static string Empty(string name)
    {
        string directory = Path.Combine(Checkout.State, "media", name);
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
        return Directory.CreateDirectory(directory).FullName;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        Assert.SkipUnless(Tool.Find(program) is not null, $"{program} is not installed");
        await new Tool(program, arguments).RunAsync(TestContext.Current.CancellationToken);
    }
}
