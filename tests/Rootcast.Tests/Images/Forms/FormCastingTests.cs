using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;
using Rootcast.Images.Disks;
using Rootcast.Images.Forms;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Images.Trees;
using Rootcast.Init.Carriers;
using Rootcast.Linux.Files;

namespace Rootcast.Tests;

public sealed class FormCastingTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ImageStore _store;
    private readonly TreeArchive _tree;

    public FormCastingTests()
    {
        _store = ImageStore.Open(_directory.File("store"));
        _tree = OddTree.Write(_directory.File("tree.tar"));
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Facts_count_what_the_tree_takes()
    {
        TreeFacts facts = TreeFacts.Read(_tree.TarPath, TestContext.Current.CancellationToken);
        // Eight files of a page, two pages of the sparse one, one of the long link.
        Assert.Equal(11 * 4096, facts.FilePages);
        Assert.Equal(16, facts.Inodes);
        Assert.Equal(OddTree.Root.Mode, facts.Root!.Mode);
        Assert.Equal(3, facts.WithAttributes.Count);
        Assert.Equal((OddTree.Time, OddTree.Time), (facts.EarliestTime, facts.LatestTime));
    }

    [Fact]
    public async Task Tmpfs_is_the_archive_compressed_and_cast_once()
    {
        Judge.Needs("zstd");
        ImageArtefact artefact = await Cast(Form.Tmpfs, new());
        string path = _store.PathOf(artefact.Blob);
        Judge.Run("zstd", ["-t", "-q", "--no-progress", path]);
        Judge.Run("zstd", ["-d", "-q", path, "-o", _directory.File("back.tar")]);
        Assert.Equal(File.ReadAllBytes(_tree.TarPath), File.ReadAllBytes(_directory.File("back.tar")));
        Assert.Equal((11 * 4096) + (16 * 1024), artefact.UnpackedBytes);

        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        Assert.Equal(artefact, await Cast(Form.Tmpfs, new()));
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(path));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Squashfs_keeps_what_gets_lost_easily(bool rootOwned, bool asRoot)
    {
        Judge.Needs("mksquashfs");
        Judge.Needs("unsquashfs");
        Assert.SkipUnless(!asRoot || Environment.IsPrivilegedProcess, "only root gives files to root");
        if (!asRoot)
        {
            Judge.Needs("fakeroot");
            Judge.Needs("setfattr");
        }
        TreeArchive tree = OddTree.Write(_directory.File("other.tar"), rootOwned);
        TreeFacts facts = TreeFacts.Read(tree.TarPath, TestContext.Current.CancellationToken);
        using IProgressStage stage = new SilentProgress().Begin("");
        string path = _directory.File("one.squashfs");
        CastRequest request = new(tree, facts, new() { Epoch = 5 }, path, _directory.Path, stage);
        Assert.Equal(0, await new SquashfsForm(asRoot).CastAsync(request, TestContext.Current.CancellationToken));
        string list = Judge.Run("unsquashfs", ["-lln", "-d", "", path]);
        string[] lines = list.Split('\n');
        Assert.Contains(
            lines,
            line =>
                line.StartsWith(rootOwned ? "drwxr-x--T 0/0 " : "drwxr-x--T 12/34 ", StringComparison.Ordinal)
                && line.Contains("2020-09-13", StringComparison.Ordinal)
        );
        Assert.Contains(
            lines,
            line => line.StartsWith("brw-r----- 0/0 ", StringComparison.Ordinal) && line.Contains("1118467,112", StringComparison.Ordinal)
        );
        Assert.Contains(lines, line => line.StartsWith("crw-rw-rw- 0/0 ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("prw-r--r-- 0/0 ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("-rwsr-xr-x 1000/70000 ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("drwxr-sr-x 0/70000 ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("/link -> /absolute", StringComparison.Ordinal));
        Assert.Equal(2, lines.Count(line => line.StartsWith("---------- 0/0 ", StringComparison.Ordinal)));
        Assert.Equal("hard", Judge.Run("unsquashfs", ["-cat", path, "hard"]));
        // Sparse: 20 MiB hold two pages.
        Assert.InRange(new FileInfo(path).Length, 4096, 16384);
        if (Environment.IsPrivilegedProcess)
        {
            Judge.Needs("getfattr");
            string back = _directory.File("back");
            Judge.Run("unsquashfs", ["-q", "-n", "-d", back, path]);
            Assert.Contains(
                "0x0100000200200000000000000000000000000000",
                Judge.Run("getfattr", ["-d", "-m-", "-e", "hex", back + "/cap"]),
                StringComparison.Ordinal
            );
            Assert.Contains(
                "user.bin=0x00010a3dff",
                Judge.Run("getfattr", ["-d", "-m-", "-e", "hex", back + "/userattr"]),
                StringComparison.Ordinal
            );
        }

        string again = _directory.File("two.squashfs");
        await new SquashfsForm(asRoot).CastAsync(request with { Output = again }, TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(again));
    }

    [Fact]
    public async Task Initramfs_has_every_name_that_its_mark_says_and_the_attributes_beside()
    {
        Judge.Needs("zstd");
        Judge.Needs("cpio");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can unpack devices");
        ImageArtefact artefact = await Cast(Form.Initramfs, new());
        string archive = _directory.File("tree.cpio");
        Judge.Run("zstd", ["-d", "-q", _store.PathOf(artefact.Blob), "-o", archive]);
        string back = Directory.CreateDirectory(_directory.File("back")).FullName;
        Judge.Run("cpio", ["-i", "-m", "--quiet", "--no-absolute-filenames", "-D", back, "-I", archive]);

        string top = back + InitramfsPaths.UnpackedTree;
        Assert.True(UnpackedMark.TryParse(File.ReadAllText(back + InitramfsPaths.UnpackedMark), out UnpackedMark mark));
        using (SafeFileHandle tree = FileNodes.Open(top, OpenFlags.ReadOnly | OpenFlags.Directory))
        {
            Assert.Equal(mark.Names, KernelUnpackedTree.Count(tree));
        }
        Assert.Equal(17, mark.Names);
        // Holes are written: 20 MiB of the sparse file, a page and an inode of each other.
        Assert.Equal((20 << 20) + (8 * 4096) + (16 * 1024), mark.Bytes);
        Assert.Equal(mark.Bytes, artefact.UnpackedBytes);
        Assert.Equal("hard", File.ReadAllText(top + "/hard"));
        Assert.Equal((byte)'s', File.ReadAllBytes(top + "/sparse")[(10 << 20) + 4999]);
        Assert.Equal("drwxr-x--T 12 34", Judge.Run("stat", ["-c", "%A %u %g", top]).Trim());
        Assert.Equal("-rwsr-xr-x 1000 70000", Judge.Run("stat", ["-c", "%A %u %g", top + "/suid"]).Trim());

        TarReader attributes = new(File.OpenRead(back + InitramfsPaths.UnpackedAttributes));
        List<TreeEntry> entries = [];
        while (attributes.Next() is { } entry)
        {
            entries.Add(entry);
        }
        Assert.Equal(["cap", "dir", "userattr"], entries.Select(entry => entry.Path.ToString()));
        Assert.Equal(OddTree.Capability, entries[0].Attributes[0].Value.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ramdisk_keeps_what_gets_lost_easily(bool asRoot)
    {
        NeedsExt4(asRoot);
        (string image, long unpacked) = await Expanded(new RamdiskForm(asRoot), "one");
        Assert.Equal(new FileInfo(image).Length, unpacked);
        KeepsWhatGetsLostEasily(image);

        (string again, _) = await Expanded(new RamdiskForm(asRoot), "two");
        Assert.Equal(File.ReadAllBytes(image), File.ReadAllBytes(again));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disk_is_such_a_file_system_with_journal_and_checksums(bool asRoot)
    {
        NeedsExt4(asRoot);
        (string image, long unpacked) = await Expanded(new DiskForm(asRoot), "one");
        Assert.Equal(new FileInfo(image).Length, unpacked);
        KeepsWhatGetsLostEasily(image);
        string features = Judge.Run("debugfs", ["-R", "features", image]);
        Assert.Contains("has_journal", features, StringComparison.Ordinal);
        Assert.Contains("metadata_csum", features, StringComparison.Ordinal);

        (string again, _) = await Expanded(new DiskForm(asRoot), "two");
        Judge.Run("cmp", [image, again]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_EROFS_has_the_tree_and_is_the_same_each_time(bool asRoot)
    {
        NeedsExt4(asRoot);
        Judge.Needs("mkfs.erofs");
        using IProgressStage stage = new SilentProgress().Begin("");
        TreeArchive tree = OddTree.Write(_directory.File("short.tar"), longestName: 250);
        TreeFacts facts = TreeFacts.Read(tree.TarPath, TestContext.Current.CancellationToken);
        Assert.Null(facts.LongestNamed);
        string[] images = [_directory.File("one.erofs"), _directory.File("two.erofs")];
        foreach (string image in images)
        {
            CastRequest request = new(tree, facts, new() { OldestKernel = new(6, 1), Epoch = 5 }, image, _directory.Path, stage);
            Assert.Equal(0, await new ErofsForm(asRoot).CastAsync(request, TestContext.Current.CancellationToken));
        }
        Judge.Run("cmp", images);
        Judge.Run("fsck.erofs", [images[0]]);
        string suid = Judge.Run("dump.erofs", ["--path=/suid", images[0]]);
        Assert.Matches("Uid: 1000 +Gid: 70000 ", suid);
        Assert.Contains("2020-09-13", suid, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_the_program_for_EROFS_cannot_take_is_named()
    {
        Judge.Needs("mkfs.erofs");
        Assert.NotNull(TreeFacts.Read(_tree.TarPath, TestContext.Current.CancellationToken).LongestNamed);
        string version = Judge.Try("mkfs.erofs", ["--version"]).Output;
        Assert.SkipUnless(version.StartsWith("mkfs.erofs 1.5", StringComparison.Ordinal), "newer releases can");
        UserError error = await Assert.ThrowsAsync<UserError>(() => Cast(Form.Erofs, new() { OldestKernel = new(6, 1) }));
        Assert.Contains("255 bytes: nnn", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ramdisk_that_is_too_small_is_refused_before_work_with_the_size_that_fits()
    {
        Judge.Needs("mke2fs");
        UserError error = await Assert.ThrowsAsync<UserError>(() => Cast(Form.Ramdisk, new() { Ramdisk = new() { Bytes = 1 << 20 } }));
        Assert.Contains("Raise the form's size", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Livefs_is_one_sparse_image_in_a_squashfs(bool asRoot)
    {
        Judge.Needs("mksquashfs");
        Judge.Needs("unsquashfs");
        Judge.Needs("mke2fs");
        Judge.Needs("debugfs");
        Assert.SkipUnless(!asRoot || Environment.IsPrivilegedProcess, "only root can unpack devices");
        if (!asRoot)
        {
            Judge.Needs("fakeroot");
            Judge.Needs("setfattr");
        }
        TreeFacts facts = TreeFacts.Read(_tree.TarPath, TestContext.Current.CancellationToken);
        using IProgressStage stage = new SilentProgress().Begin("");
        CastOptions options = new()
        {
            Livefs = new() { Bytes = 64 << 20 },
            Epoch = 5,
        };
        CastRequest request = new(_tree, facts, options, _directory.File("one.squashfs"), _directory.Path, stage);
        Assert.Equal(0, await new LivefsForm(asRoot).CastAsync(request, TestContext.Current.CancellationToken));
        Assert.Equal(
            ["drwxr-xr-x 0/0", "drwxr-xr-x 0/0", "-rw-r--r-- 0/0"],
            Judge.Run("unsquashfs", ["-lln", request.Output]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..14])
        );
        Assert.InRange(new FileInfo(request.Output).Length, 4096, 128 << 10);
        string image = _directory.File("rootfs.img");
        Judge.Run("sh", ["-c", $"unsquashfs -cat {request.Output} {LiveImage.Path} > {image}"]);
        Assert.Equal(64 << 20, new FileInfo(image).Length);
        Judge.Needs("e2fsck");
        Judge.Run("e2fsck", ["-fn", image]);
        Assert.Matches("User: +1000 +Group: +70000 ", Stat(image, "/suid"));
        Assert.Contains("has_journal", Judge.Run("debugfs", ["-R", "features", image]), StringComparison.Ordinal);

        string again = _directory.File("two.squashfs");
        await new LivefsForm(asRoot).CastAsync(request with { Output = again }, TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllBytes(request.Output), File.ReadAllBytes(again));
    }

    private async Task<ImageArtefact> Cast(Form form, CastOptions options)
    {
        FormCasting casting = new(_store, new SilentProgress());
        return Assert.Single(await casting.CastAsync(_tree, [form], options, TestContext.Current.CancellationToken));
    }

    private static void NeedsExt4(bool asRoot)
    {
        Judge.Needs("mke2fs");
        Judge.Needs("e2fsck");
        Judge.Needs("debugfs");
        Assert.SkipUnless(!asRoot || Environment.IsPrivilegedProcess, "only root can unpack devices");
        if (!asRoot)
        {
            Judge.Needs("fakeroot");
            Judge.Needs("setfattr");
        }
    }

    private static void KeepsWhatGetsLostEasily(string image)
    {
        (int code, string output, _) = Judge.Try("e2fsck", ["-fn", image]);
        Assert.True(code == 0, output);
        Assert.Contains("Mode:  01750", Stat(image, "/"), StringComparison.Ordinal);
        Assert.Matches("User: +12 +Group: +34 ", Stat(image, "/"));
        Assert.Contains("Sun Sep 13", Stat(image, "/"), StringComparison.Ordinal);
        Assert.Matches("Device major/minor number: 259:70000", Stat(image, "/blk"));
        Assert.Contains("Type: character special", Stat(image, "/null"), StringComparison.Ordinal);
        Assert.Contains("Type: FIFO", Stat(image, "/fifo"), StringComparison.Ordinal);
        Assert.Contains("Mode:  04755", Stat(image, "/suid"), StringComparison.Ordinal);
        Assert.Matches("User: +1000 +Group: +70000 ", Stat(image, "/suid"));
        Assert.Contains("Mode:  0000", Stat(image, "/hard"), StringComparison.Ordinal);
        Assert.Contains("Links: 2", Stat(image, "/hard"), StringComparison.Ordinal);
        Assert.Matches("Blockcount: (16|24)\n", Stat(image, "/sparse"));
        string attributes = Judge.Run("debugfs", ["-R", "ea_get -x /cap security.capability", image]);
        Assert.Contains("01 00 00 02 00 20 00 00", attributes.Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("user.bin (5)", Judge.Run("debugfs", ["-R", "ea_list /userattr", image]), StringComparison.Ordinal);
        Assert.Contains("user.d", Judge.Run("debugfs", ["-R", "ea_list /dir", image]), StringComparison.Ordinal);
        Assert.Contains("odd", Judge.Run("debugfs", ["-R", "ls -p /", image]), StringComparison.Ordinal);
    }

    private async Task<(string Image, long Unpacked)> Expanded(IFormCaster form, string name)
    {
        TreeFacts facts = TreeFacts.Read(_tree.TarPath, TestContext.Current.CancellationToken);
        string compressed = _directory.File(name + ".zst");
        using IProgressStage stage = new SilentProgress().Begin("");
        CastRequest request = new(
            _tree,
            facts,
            new()
            {
                Ramdisk = new() { Bytes = 32 << 20 },
                Disk = new() { Bytes = 100 << 20 },
                Epoch = 5,
            },
            compressed,
            _directory.Path,
            stage
        );
        long unpacked = await form.CastAsync(request, TestContext.Current.CancellationToken);
        string image = _directory.File(name + ".img");
        DiskImage.Expand(compressed, image, TestContext.Current.CancellationToken);
        Judge.Run("zstd", ["-d", "-q", "--sparse", compressed, "-o", image + ".judge"]);
        Judge.Run("cmp", [image, image + ".judge"]);
        // One of two disks of a pool is cut out of the stream.
        long half = unpacked / 2 / 4096 * 4096;
        DiskImage.Expand(compressed, image + ".half", half, half, TestContext.Current.CancellationToken);
        Judge.Run("cmp", ["-n", $"{half}", "-i", $"0:{half}", image + ".half", image]);
        Assert.Equal(half, new FileInfo(image + ".half").Length);
        return (image, unpacked);
    }

    private static string Stat(string image, string path) => Judge.Run("debugfs", ["-R", $"stat {path}", image]);
}
