using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Images.Disks;
using Rootcast.Images.Forms;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Images.Trees;
using Rootcast.Linux.Block;
using Rootcast.Linux.Mounts;

namespace Rootcast.Tests;

/// <summary>Images are written to real block devices: loop devices.</summary>
public sealed class DiskWritingTests : IDisposable
{
    private const long Gigabyte = 1L << 30;
    private readonly string directory = Directory.CreateTempSubdirectory("rootcast-disk-").FullName;
    private LoopDevice? loop;

    public void Dispose()
    {
        loop?.Detach();
        loop?.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DiskFileSystem.Ext4)]
    [InlineData(DiskFileSystem.Xfs)]
    [InlineData(DiskFileSystem.Btrfs)]
    public async Task TheRootFillsTheDiskAndHoldsTheTree(DiskFileSystem fileSystem)
    {
        string disk = Loop(2 * Gigabyte);
        // What an earlier life left must not show through.
        Host.Run("sh", "-c", $"yes rubbish | head -c 1200M > {disk}");
        DiskOrder order = await Order(disk, fileSystem);
        DiskLayout layout = DiskWriting.LayoutOf(order);
        WrittenDisk written = await Write(order, layout);
        Assert.Equal(Name(fileSystem), written.FileSystem);
        Assert.Contains(layout.Root.Uuid.ToString(), Host.Run("sfdisk", "--json", disk).ToLowerInvariant(), StringComparison.Ordinal);
        Host.Run("sfdisk", "--verify", disk);

        using LoopDevice root = LoopDevice.Attach(
            disk,
            new LoopOptions(ReadOnly: false, Offset: layout.Root.Offset, Length: layout.Root.Length)
        );
        string place = Path.Combine(directory, "mounted");
        Directory.CreateDirectory(place);
        Mounting.Mount(written.FileSystem, root.Path, place);
        try
        {
            Assert.Equal("hello", File.ReadAllText(Path.Combine(place, "etc/greeting")));
            Assert.Equal("1700000000", Host.Run("stat", "-c", "%Y", Path.Combine(place, "etc/greeting")).Trim());
            long size = new DriveInfo(place).TotalSize;
            Assert.InRange(size, layout.Root.Length * 0.9, layout.Root.Length);
        }
        finally
        {
            Mounting.Unmount(place);
        }
        Host.Run(
            fileSystem switch
            {
                DiskFileSystem.Xfs => "xfs_repair",
                DiskFileSystem.Btrfs => "btrfs",
                _ => "e2fsck",
            },
            fileSystem == DiskFileSystem.Btrfs ? ["check", root.Path]
                : fileSystem == DiskFileSystem.Xfs ? ["-n", root.Path]
                : ["-fn", root.Path]
        );
        IReadOnlyList<FoundOnDisk> found = await DiskWriting.FindAsync(DiskTarget.Of(disk), Now);
        Assert.Contains(found, one => one.What == "vfat" && one.Label == "EFI");
        Assert.Contains(found, one => one.What == Name(fileSystem) && one.Label == DiskForm.Label);
    }

    [Fact]
    public void AMountedDiskIsRefused()
    {
        string disk = Loop(64 << 20);
        Host.Run("mkfs.ext4", "-q", disk);
        string place = Path.Combine(directory, "mounted");
        Directory.CreateDirectory(place);
        Mounting.Mount("ext4", disk, place);
        try
        {
            UserError error = Assert.Throws<UserError>(() => DiskTarget.Of(disk));
            Assert.Equal($"{disk} is in use: it is mounted on {place}", error.Message);
        }
        finally
        {
            Mounting.Unmount(place);
        }
        Assert.Equal(64 << 20, DiskTarget.Of(disk).Bytes);
    }

    [Fact]
    public void AnImageThatIsAttachedIsRefused()
    {
        string disk = Loop(64 << 20);
        UserError error = Assert.Throws<UserError>(() => DiskTarget.Of(Path.Combine(directory, "disk")));
        Assert.Contains($"attached to {disk}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADiskThatIsTooSmallIsLeftAsItWas()
    {
        string disk = Loop(100 << 20);
        Host.Run("mkfs.ext4", "-q", "-L", "precious", disk);
        DiskOrder order = await Order(disk, DiskFileSystem.Ext4);
        UserError error = Assert.Throws<UserError>(() => DiskWriting.LayoutOf(order));
        Assert.Contains("is too small: it has 105 MB", error.Message, StringComparison.Ordinal);
        Assert.Contains(await DiskWriting.FindAsync(order.Target, Now), one => one.Label == "precious");
    }

    [Fact]
    public async Task WhatIsInterruptedHasNoPartitionTable()
    {
        string disk = Loop(2 * Gigabyte);
        Host.Run("sh", "-c", $"echo 'label: gpt\n,,' | sfdisk --quiet {disk}");
        DiskOrder order = await Order(disk, DiskFileSystem.Ext4);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Now);
        DiskWriting writing = new(Store, new StopAt("writing the root", stop));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WriteAsync(order, DiskWriting.LayoutOf(order), stop.Token));
        Assert.DoesNotContain(
            await DiskWriting.FindAsync(DiskTarget.Of(disk), Now),
            one => one.What?.Contains("table", StringComparison.Ordinal) == true
        );
    }

    private ImageStore Store => field ??= ImageStore.Open(Path.Combine(directory, "store"));

    private static string Name(DiskFileSystem fileSystem) => DiskOptions.NameOf(fileSystem);

    private string Loop(long bytes)
    {
        Host.NeedsLoopDevices();
        foreach (string program in DiskWriting.Tools)
        {
            Host.Needs(program);
        }
        string file = Path.Combine(directory, "disk");
        Host.Run("truncate", "-s", $"{bytes}", file);
        loop = LoopDevice.Attach(file, new LoopOptions(ReadOnly: false, AutoClear: false));
        return loop.Path;
    }

    private Task<WrittenDisk> Write(DiskOrder order, DiskLayout layout) =>
        new DiskWriting(Store, new SilentProgress()).WriteAsync(order, layout, Now);

    private async Task<DiskOrder> Order(string disk, DiskFileSystem fileSystem)
    {
        if (fileSystem != DiskFileSystem.Ext4)
        {
            Host.Needs($"mkfs.{Name(fileSystem)}");
            Assert.SkipUnless(
                File.ReadAllText("/proc/filesystems").Contains($"\t{Name(fileSystem)}\n", StringComparison.Ordinal),
                $"this kernel has no {Name(fileSystem)}"
            );
        }
        string tree = Path.Combine(directory, "tree");
        Directory.CreateDirectory(Path.Combine(tree, "etc"));
        await File.WriteAllTextAsync(Path.Combine(tree, "etc/greeting"), "hello", Now);
        File.SetLastWriteTimeUtc(Path.Combine(tree, "etc/greeting"), DateTime.UnixEpoch.AddSeconds(1_700_000_000));
        string tar = Path.Combine(directory, "tree.tar");
        Host.Run("tar", "-C", tree, "--format=posix", "-cf", tar, ".");
        ImageStore store = Store;
        CastOptions options = new()
        {
            Disk = new DiskOptions { FileSystem = fileSystem, Bytes = 400 << 20 },
        };
        IReadOnlyList<ImageArtefact> artefacts = await new FormCasting(store, new SilentProgress()).CastAsync(
            new TreeArchive(tar, $"sha256:{new string('1', 64)}", new FileInfo(tar).Length, 3, 4096),
            [Form.Disk],
            options,
            Now
        );
        return new DiskOrder
        {
            Image = new ImageManifest
            {
                Name = "test",
                Created = DateTimeOffset.UnixEpoch,
                Source = "a test",
                Kernels = [new ImageKernel("6.1", store.Put("kernel"u8.ToArray()))],
                Initramfs = store.Put("initramfs"u8),
                Artefacts = artefacts,
                InitramfsReasons = store.Put("reasons"u8),
            },
            Boot = new BootRequest
            {
                Plan = new BootPlan { Form = Form.Disk, Carrier = Carrier.Disk },
            },
            Target = DiskTarget.Of(disk),
        };
    }

    private sealed class StopAt(string title, CancellationTokenSource source) : IProgressDisplay
    {
        public IProgressStage Begin(string began)
        {
            if (began == title)
            {
                source.Cancel();
            }
            return new SilentProgress().Begin(began);
        }

        public void Say(string line) { }
    }
}
