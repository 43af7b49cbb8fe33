using Rootcast.Contract;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Sources;
using Rootcast.Images.Tools;
using Rootcast.Images.Trees;
using Rootcast.Lab.Machines;

namespace Rootcast.Vm.Tests;

/// <summary>A disk with a Debian installed on it, as an installer leaves it: a file system with fstab, kernel, and its modules. Mounted on this host while it is
/// prepared.</summary>
internal sealed class InstalledSystem : IAsyncDisposable
{
    /// <summary>Of the disk's file system.</summary>
    public const string Uuid = "6f1d2c3b-4a59-4867-9c0d-1e2f3a4b5c6d";

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly string _type;
    private bool _mounted;

    private InstalledSystem(string type, KernelFiles kernel)
    {
        _type = type;
        Kernel = kernel;
    }

    /// <summary>Its kernel.</summary>
    public KernelFiles Kernel { get; }

    /// <summary>The disk.</summary>
    public string Disk => _directory.Join("disk.img");

    /// <summary>Where its root is while it is mounted.</summary>
    public string Root => _directory.Join(_type == "btrfs" ? "mounted/@" : "mounted");

    /// <summary>Kernel arguments that name its root, as GRUB's configuration has them.</summary>
    public string Arguments => $"root=UUID={Uuid} ro{(_type == "btrfs" ? " rootflags=subvol=@" : "")} panic=-1";

    /// <summary>A path of this host for something beside the disk.</summary>
    public string Beside(string name) => _directory.Join(name);

    /// <summary>A kernel of a recipe.</summary>
    public static Task<KernelFiles> KernelAsync(string recipe, int number)
    {
        Recipe parsed = Recipe.Parse(System.Text.Encoding.UTF8.GetBytes(recipe), "a VM test's recipe");
        return new KernelSource(BuildCache.OfUser(), new SilentProgress()).ResolveAsync(parsed, parsed.Kernels[number], Cancellation);
    }

    /// <summary>The first kernel of a recipe whose version fulfils a condition.</summary>
    public static async Task<KernelFiles> KernelAsync(string recipe, Predicate<string> fits)
    {
        KernelFiles kernel = await KernelAsync(recipe, 0);
        return fits(kernel.Version) ? kernel : await KernelAsync(recipe, 1);
    }

    /// <summary>Makes the disk and leaves it mounted.</summary>
    /// <param name="lab">Has the tree.</param>
    /// <param name="type">The file system.</param>
    /// <param name="kernel">Its kernel.</param>
    public static async Task<InstalledSystem> MakeAsync(GuestLab lab, string type, KernelFiles kernel)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a disk takes root");
        Assert.SkipUnless(Tool.Find($"mkfs.{type}") is not null, $"mkfs.{type} is not installed");
        string tree = await lab.ArtefactAsync(Form.Tmpfs);
        InstalledSystem system = new(type, kernel);
        try
        {
            await system.PrepareAsync(tree);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Mounts the disk.</summary>
    public async Task MountAsync()
    {
        Directory.CreateDirectory(_directory.Join("mounted"));
        await RunAsync("mount", "-o", "loop", Disk, _directory.Join("mounted"));
        _mounted = true;
    }

    /// <summary>Unmounts it, so that a machine can have it.</summary>
    public async Task UnmountAsync()
    {
        _mounted = false;
        await RunAsync("umount", _directory.Join("mounted"));
    }

    /// <summary>A machine whose boot loader loads these two files; they are copied out of the root.</summary>
    public Machine Machine(string kernel, string initrd, string arguments)
    {
        File.Copy(kernel, Beside("vmlinuz"), overwrite: true);
        File.Copy(initrd, Beside("initrd"), overwrite: true);
        return new Machine
        {
            Kernel = Beside("vmlinuz"),
            Initrd = Beside("initrd"),
            CommandLine = $"{Arguments} {arguments}",
            Disks = [new MachineDisk(Disk, IsWritable: true)],
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_mounted)
        {
            await new Tool("umount", "-l", _directory.Join("mounted")).RunAsync();
        }
        await _directory.DisposeAsync();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task<ToolResult> RunAsync(string program, params string[] arguments) =>
        new Tool(program, arguments).RunAsync(Cancellation);

    private async Task PrepareAsync(string tree)
    {
        await RunAsync("truncate", "-s", "2G", Disk);
        string[] make = _type switch
        {
            "ext4" => ["-q", "-U", Uuid, Disk],
            "xfs" => ["-q", "-m", $"uuid={Uuid}", Disk],
            _ => ["-q", "-U", Uuid, Disk],
        };
        await RunAsync($"mkfs.{_type}", make);
        await MountAsync();
        if (_type == "btrfs")
        {
            await RunAsync("btrfs", "subvolume", "create", Root);
        }
        await RunAsync("tar", "--zstd", "-xpf", tree, "-C", Root, "--numeric-owner", "--xattrs", "--xattrs-include=*");
        await RunAsync(
            "cp",
            "-a",
            Kernel.ModulesDirectory,
            $"{Directory.CreateDirectory($"{Root}/usr/lib/modules").FullName}/{Kernel.Version}"
        );
        await RunAsync("cp", Kernel.ImagePath, $"{Directory.CreateDirectory($"{Root}/boot").FullName}/vmlinuz-{Kernel.Version}");
        // The tree has no kmod, whose unit would read this.
        File.Delete($"{Root}/usr/lib/modules/{Kernel.Version}/modules.devname");
        string options = _type == "btrfs" ? "subvol=@" : "defaults";
        await File.WriteAllTextAsync($"{Root}/etc/fstab", $"UUID={Uuid} / {_type} {options} 0 0\n", Cancellation);
    }
}
