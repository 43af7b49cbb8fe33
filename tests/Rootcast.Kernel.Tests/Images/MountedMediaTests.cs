using System.Text;
using Rootcast.Formats;
using Rootcast.Formats.Tree;
using Rootcast.Images.Media;
using Rootcast.Images.Trees;

namespace Rootcast.Tests;

/// <summary>File systems and disks that are mounted to be read: nothing is lost, and nothing is left.</summary>
public sealed class MountedMediaTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rootcast-media-").FullName;

    public MountedMediaTests() => Host.NeedsLoopDevices();

    public void Dispose() => Host.Run("rm", "-rf", directory);

    [Theory]
    [InlineData("ext4", "mke2fs -q -t ext4 -d tree file 64M", "mke2fs")]
    [InlineData("squashfs", "mksquashfs tree file -quiet -no-progress -noappend", "mksquashfs")]
    [InlineData("erofs", "mkfs.erofs --quiet -zlz4hc file tree", "mkfs.erofs")]
    public async Task ATreeComesOutAsItWentIn(string type, string make, string program)
    {
        NeedsKernelWith(type);
        Host.Needs(program);
        Tree();
        Shell(make);
        using Medium medium = await Open("file");
        Assert.Equal(type, medium.System.Facts.Kind);
        AssertTree(medium.System.Tree!);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task AnXfsThatWasNotUnmountedIsReadAsItIs()
    {
        Host.Needs("mkfs.xfs");
        Tree();
        using (LoopFileSystem xfs = new("xfs", "320M"))
        {
            // As a snapshot of a machine that runs: what was written is there, and its log is not ended.
            Shell($"cp -a tree/. '{xfs.Path}/'; fsfreeze -f '{xfs.Path}'");
            Shell($"cp \"$(losetup -nO BACK-FILE \"$(findmnt -no SOURCE '{xfs.Path}')\")\" file; fsfreeze -u '{xfs.Path}'");
        }
        using Medium medium = await Open("file");
        Assert.Equal("xfs", medium.System.Facts.Kind);
        Assert.Contains(medium.System.Facts.Notes, note => note.Contains("journal", StringComparison.Ordinal));
        AssertTree(medium.System.Tree!);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task TheSubvolumeWithTheSystemIsFound()
    {
        Tree();
        Host.Needs("btrfs");
        using (LoopFileSystem btrfs = new("btrfs", "200M"))
        {
            Shell(
                $"btrfs -q subvolume create '{btrfs.Path}/@'; btrfs -q subvolume create '{btrfs.Path}/@home'; cp -a tree/. '{btrfs.Path}/@/'; sync"
            );
            Shell($"cp \"$(losetup -nO BACK-FILE \"$(findmnt -no SOURCE '{btrfs.Path}')\")\" file");
        }
        using Medium medium = await Open("file");
        Assert.Contains("subvolume @", medium.System.Facts.Notes);
        AssertTree(medium.System.Tree!);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("gpt", "label: gpt\\nsize=4M, type=U\\nsize=80M, type=L\\nsize=70M, type=L\\n", 2)]
    [InlineData("mbr", "label: dos\\n1: size=4M, type=e\\n2: size=160M, type=5\\n5: size=80M, type=83\\n", 5)]
    public async Task ThePartitionWithTheSystemIsFoundInAQcow2(string kind, string table, int number)
    {
        Host.Needs("sfdisk");
        Host.Needs("qemu-img");
        Tree();
        Shell("truncate -s 200M disk");
        Shell($"printf '{table}' | sfdisk -q disk");
        string start = Host.Run(
                "sh",
                "-c",
                $"PATH=$PATH:/sbin; sfdisk -d '{directory}/disk' | sed -n 's/.*disk{number} : start= *\\([0-9]*\\),.*/\\1/p'"
            )
            .Trim();
        Shell("mke2fs -q -t ext4 -L system -d tree part 72M");
        Shell($"dd if=part of=disk bs=512 seek={start} conv=notrunc status=none");
        Shell("qemu-img convert -c -O qcow2 disk file");
        using Medium medium = await Open("file");
        OpenedLevel disk = Assert.Single(medium.Root.Inside);
        Assert.Equal(("qcow2", kind), (medium.Root.Facts.Kind, disk.Facts.Kind));
        Assert.Equal((number, "ext4", "system"), (medium.System.Partition, medium.System.Facts.Kind, medium.System.Facts.Label));
        AssertTree(medium.System.Tree!);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task ALiveImageInsideASquashfsInsideAnIsoIsFound()
    {
        NeedsKernelWith("squashfs");
        Host.Needs("xorriso");
        Tree();
        Shell("mkdir -p nested/LiveOS iso/LiveOS; mke2fs -q -t ext4 -d tree nested/LiveOS/rootfs.img 64M");
        Shell("mksquashfs nested iso/LiveOS/squashfs.img -quiet -no-progress; xorriso -as mkisofs -quiet -R -o file iso 2>&1");
        using Medium medium = await Open("file");
        Assert.Equal("iso9660 > LiveOS/squashfs.img (squashfs) > LiveOS/rootfs.img (ext4)", medium.Way);
        AssertTree(medium.System.Tree!);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task ADamagedFileSystemIsSaidInTheKernelsWords()
    {
        Tree();
        Shell("mke2fs -q -t ext4 -d tree file 64M; dd if=/dev/urandom of=file bs=1k seek=2 count=64 conv=notrunc status=none");
        Contract.UserError error = await Assert.ThrowsAsync<Contract.UserError>(() => Open("file"));
        Assert.Contains("ext4", error.Message, StringComparison.Ordinal);
        AssertNothingIsLeft();
    }

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private static void NeedsKernelWith(string type) =>
        Assert.SkipUnless(
            File.ReadAllText("/proc/filesystems").Contains($"\t{type}\n", StringComparison.Ordinal),
            $"this kernel has no {type}"
        );

    private async Task<Medium> Open(string name)
    {
        string scratch = Directory.CreateDirectory(Path.Combine(directory, "scratch")).FullName;
        return await Medium.OpenAsync(new MediaReader(scratch, null, null, mounts: true), Path.Combine(directory, name), null, Now);
    }

    private void Tree() =>
        Shell(
            """
            mkdir -p tree/sbin tree/etc tree/odd && cp /bin/true tree/sbin/init && echo 'PRETTY_NAME="One"' >tree/etc/os-release
            printf linked >tree/odd/hard1 && ln tree/odd/hard1 tree/odd/hard2 && ln -s /nowhere tree/odd/link
            mknod tree/odd/null c 1 3 && mknod tree/odd/block b 7 200 && chown 1234:4000000000 tree/odd/hard1 && chmod 6711 tree/odd/hard1
            setfattr -n user.note -v text tree/odd/hard1
            """
        );

    private static void AssertTree(FileTree tree)
    {
        TreeInode hard = Find("odd/hard1");
        Assert.Same(hard, Find("odd/hard2"));
        Assert.Equal("linked", Encoding.UTF8.GetString(hard.Data!.ReadAll(hard.Entry)));
        Assert.Equal((1234u, 4000000000u, 0xDC9), (hard.Entry.Uid, hard.Entry.Gid, hard.Entry.Mode));
        Assert.Equal(("user.note", "text"), (hard.Entry.Attributes[0].Name, Encoding.UTF8.GetString(hard.Entry.Attributes[0].Value.Span)));
        Assert.Equal("/nowhere", Find("odd/link").Entry.Target.ToString());
        TreeEntry device = Find("odd/null").Entry;
        Assert.Equal((NodeKind.CharacterDevice, 1u, 3u), (device.Kind, device.DeviceMajor, device.DeviceMinor));
        device = Find("odd/block").Entry;
        Assert.Equal((NodeKind.BlockDevice, 7u, 200u), (device.Kind, device.DeviceMajor, device.DeviceMinor));

        TreeInode Find(string path) => tree.Find(UnixPath.From(path)) ?? throw new InvalidOperationException($"{path} is not in the tree");
    }

    /// <summary>Already while the medium is open nobody sees a mount: it is made below the scratch directory, in here.</summary>
    private void AssertNothingIsLeft() =>
        Assert.DoesNotContain(directory, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);

    private void Shell(string script) => Host.Run("sh", "-ec", $"cd '{directory}'; PATH=$PATH:/sbin:/usr/sbin\n{script}");
}
