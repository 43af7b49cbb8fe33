using System.Text;
using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Formats.Tree;
using Rootcast.Images.Media;
using Rootcast.Images.Trees;

namespace Rootcast.Tests;

/// <summary>Images that other programs make, read without mounting anything.</summary>
public sealed class MediaReaderTests : IDisposable
{
    private readonly TemporaryDirectory place = new();
    private int scratch;

    public void Dispose() => place.Dispose();

    [Fact]
    public async Task AnIsoHasWhatXorrisoPutIntoIt()
    {
        string tree = System("tree");
        Shell("mkdir -p tree/a/b/c/d/e/f/g/h/i/j && printf deep >tree/a/b/c/d/e/f/g/h/i/j/file && chmod 4711 tree/a/b");
        Shell($"printf long >tree/{new string('x', 220)}");
        Judge.Needs("xorriso");
        Judge.Run("xorriso", ["-as", "mkisofs", "-quiet", "-R", "-V", "ALABEL", "-o", place.File("iso"), tree]);
        using OpenedLevel level = await Open("iso");
        Assert.Equal(("iso9660", "ALABEL", 2048L), (level.Facts.Kind, level.Facts.Label, level.Facts.BlockBytes));
        AssertSystem(level);
        Assert.Equal("deep", Text(level, "a/b/c/d/e/f/g/h/i/j/file"));
        Assert.Equal("long", Text(level, new string('x', 220)));
        Assert.Equal(0x9C9, level.Tree!.Find(UnixPath.From("a/b"))!.Entry.Mode);
    }

    [Fact]
    public async Task ACutIsoIsRefused()
    {
        Judge.Needs("xorriso");
        Judge.Run("xorriso", ["-as", "mkisofs", "-quiet", "-R", "-o", place.File("iso"), System("tree")]);
        using (FileStream file = new(place.File("iso"), FileMode.Open))
        {
            file.SetLength(19 * 2048);
        }
        UserError error = await Assert.ThrowsAsync<UserError>(() => Open("iso"));
        Assert.Contains("cut", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "zstd")]
    [InlineData("gzip -9", "gzip")]
    [InlineData("xz --check=crc32", "xz")]
    [InlineData("zstd -q", "zstd")]
    [InlineData("lz4 -l -q", "lz4")]
    [InlineData("bzip2", "bzip2")]
    [InlineData("xz --format=lzma", "lzma")]
    [InlineData("lzop -q", "lzo")]
    public async Task AnInitrdIsTheTreeThatTheKernelMakesOfIt(string filter, string compressor)
    {
        Judge.Needs("cpio");
        Judge.Needs(filter.Length > 0 ? filter.Split(' ')[0] : "zstd");
        System("tree");
        Shell("mkdir -p first/etc && printf early >first/etc/early && printf old >first/etc/os-release");
        Shell("(cd first && find . | cpio -o -H newc --quiet) >initrd");
        string pipe = filter.Length > 0 ? filter : "zstd -q";
        Shell($"(cd tree && find . -print0 | sort -z | cpio -o -0 -H newc --quiet) | {pipe} >>initrd");
        using OpenedLevel level = await Open("initrd");
        Assert.Equal("initrd", level.Facts.Kind);
        Assert.Equal(compressor, level.Facts.Compressor);
        AssertSystem(level);
        Assert.Equal("early", Text(level, "etc/early"));
        Assert.Same(level.Tree!.Find(UnixPath.From("hard1")), level.Tree.Find(UnixPath.From("hard2")));
        Assert.Equal("linked", Text(level, "hard2"));
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("xz", "xz")]
    [InlineData("bzip2", "bzip2")]
    [InlineData("zstd -q", "zstd")]
    [InlineData("lz4 -q", "lz4")]
    public async Task ATarIsFoundBelowItsCompressor(string filter, string kind)
    {
        Judge.Needs(kind);
        System("tree");
        Shell($"tar --numeric-owner -C tree -c . | {filter} >file");
        using OpenedLevel level = await Open("file");
        Assert.Equal(kind, level.Facts.Kind);
        OpenedLevel inside = Assert.Single(level.Inside);
        Assert.Equal("tar", inside.Facts.Kind);
        AssertSystem(inside);
    }

    [Fact]
    public async Task ASquashfsInAnIsoIsReadWhereItLies()
    {
        Judge.Needs("xorriso");
        Judge.Needs("mksquashfs");
        Judge.Needs("sqfs2tar");
        System("tree");
        Shell("mkdir iso && mksquashfs tree iso/by-any-name -quiet -no-progress -comp xz && printf x >>iso/by-any-name");
        Shell("xorriso -as mkisofs -quiet -R -o file iso 2>/dev/null");
        using OpenedLevel level = await Open("file");
        OpenedLevel inside = Assert.Single(level.Inside);
        Assert.Equal(("squashfs", "by-any-name", "xz"), (inside.Facts.Kind, inside.Facts.Name, inside.Facts.Compressor));
        AssertSystem(inside);
        MediaLevel data = level.ToData();
        Assert.Equal("A System 1", data.Inside[0].System);
        Assert.True(data.Inside[0].Offset > 0);
    }

    [Fact]
    public async Task AnErofsIsRead()
    {
        Judge.Needs("mkfs.erofs");
        Judge.Needs("fakeroot");
        System("tree");
        Shell("mkfs.erofs --quiet -zlz4hc file tree");
        using OpenedLevel level = await Open("file");
        Assert.Equal(("erofs", "lz4"), (level.Facts.Kind, level.Facts.Compressor));
        AssertSystem(level);
        Assert.Contains(level.Facts.Notes, note => note.Contains("attributes", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ext4", "-b 1024")]
    [InlineData("ext4", "-b 4096 -O ^64bit,^metadata_csum")]
    [InlineData("ext3", "-b 1024")]
    [InlineData("ext2", "-b 1024 -I 128")]
    public async Task AnExtIsReadWithoutAMount(string type, string options)
    {
        Judge.Needs("mke2fs");
        System("tree");
        // Holes, an indirect file that is three deep with small blocks, a directory of many blocks, a long link.
        Shell("truncate -s 9000000 tree/sparse; printf middle | dd of=tree/sparse bs=1 seek=4000000 conv=notrunc status=none");
        Shell("seq 1 12000000 | head -c 70000000 >tree/large; chmod 4711 tree/large; ln -s $(printf '%0200d' 7) tree/long");
        Shell(
            "mkdir tree/many; cd tree/many; seq -f 'a-rather-long-name-%g' 1 2000 | xargs touch; touch -d '2040-05-06 07:08:09.123456789 UTC' ../hard1"
        );
        Shell("setfattr -n user.note -v text tree/hard1 2>/dev/null || true");
        Shell($"mke2fs -q -t {type} {options} -d tree file 128M");
        using OpenedLevel level = await Open("file");
        Assert.Equal("ext4", level.Facts.Kind);
        AssertSystem(level);
        FileTree tree = level.Tree!;
        Assert.Same(tree.Find(UnixPath.From("hard1")), tree.Find(UnixPath.From("hard2")));
        foreach (string name in (string[])["sparse", "large", "usr/lib/systemd/systemd"])
        {
            TreeInode node = tree.Find(UnixPath.From(name))!;
            Assert.Equal(File.ReadAllBytes(Path.Combine(place.File("tree"), name)), node.Data!.ReadAll(node.Entry));
            using FileStream copy = new(place.File("copy"), FileMode.Create, FileAccess.ReadWrite);
            node.Data.CopyTo(copy, node.Entry);
            Assert.Equal(node.Entry.Size, copy.Length);
        }
        Assert.Equal(0x9C9, tree.Find(UnixPath.From("large"))!.Entry.Mode);
        Assert.True(tree.Find(UnixPath.From("sparse"))!.Entry.DataRanges!.Sum(range => range.Length) < 1_000_000);
        Assert.Equal(new string('0', 199) + "7", tree.Find(UnixPath.From("long"))!.Entry.Target.ToString());
        Assert.Equal(2000, tree.Sorted().Count(pair => pair.Key.ToString().StartsWith("many/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task NoExtDoesHarm()
    {
        Judge.Needs("mke2fs");
        System("tree");
        Shell("rm tree/usr/lib/systemd/systemd; printf '#!/bin/sh' >tree/usr/lib/systemd/systemd; chmod 755 tree/usr/lib/systemd/systemd");
        Shell("mke2fs -q -t ext4 -b 1024 -N 64 -O ^has_journal,^resize_inode -d tree file 300k");
        byte[] sample = await File.ReadAllBytesAsync(place.File("file"), Now);
        MediaExtent extent = new(place.File("damaged"), 0, sample.Length);
        Random random = new(1);
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. sample];
            for (int changes = random.Next(1, 9); changes > 0; changes--)
            {
                // Where the tables and directories are.
                damaged[random.Next(1024, 64 << 10)] = (byte)random.Next(256);
            }
            await File.WriteAllBytesAsync(extent.Path, damaged, Now);
            try
            {
                using FileTree tree = Ext4Tree.Read(extent, _ => { }, Now);
            }
            catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
            {
                // Refused: that is what it is for.
            }
        }
    }

    [Fact]
    public async Task WhatTakesAMountIsSaid()
    {
        Judge.Needs("mkfs.btrfs");
        Shell("truncate -s 128M file && mkfs.btrfs -q file");
        UserError error = await Assert.ThrowsAsync<UserError>(() => Open("file"));
        Assert.Contains("btrfs", error.Message, StringComparison.Ordinal);
        Assert.Contains("root", error.Hint, StringComparison.Ordinal);
        Assert.Equal(UserErrorKind.Missing, error.Kind);
    }

    [Theory]
    [InlineData("printf 'something else'", "is nothing that is known here")]
    [InlineData("true", "nothing that is known here: it has 0 bytes")]
    [InlineData("head -c 100000 /dev/zero", "begins with 0000000000000000")]
    public async Task WhatNobodyKnowsIsSaid(string make, string said)
    {
        Shell($"{make} >file");
        UserError error = await Assert.ThrowsAsync<UserError>(() => Open("file"));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMediumWithoutASystemSaysWhatToDo()
    {
        Shell("mkdir tree && printf x >tree/x && tar -C tree -c . >file");
        UserError error = await Assert.ThrowsAsync<UserError>(() => Medium.OpenAsync(Reader(), place.File("file"), null, Now));
        Assert.Contains("no system", error.Message, StringComparison.Ordinal);
        Assert.Contains("rootcast inspect", error.Hint, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<UserError>(() => Medium.OpenAsync(Reader(), place.File("file"), 2, Now));
        Assert.Contains("no partition 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void VersionsAreOrderedAsPeopleDo() =>
        Assert.Equal(
            ["5.10.0-9", "6.1.0-9-amd64", "6.1.0-10-amd64", "6.1.0-10-cloud", "6.12.3"],
            new[] { "6.12.3", "6.1.0-10-cloud", "6.1.0-10-amd64", "5.10.0-9", "6.1.0-9-amd64" }.Order(new VersionOrder())
        );

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    /// <summary>A tree with an init, a link to it, a name twice, and a file that says what it is.</summary>
    private string System(string name)
    {
        Shell(
            $"mkdir -p {name}/sbin {name}/etc {name}/usr/lib/systemd && cp /bin/true {name}/usr/lib/systemd/systemd"
                + $" && ln -s /usr/lib/systemd/systemd {name}/sbin/init && printf 'PRETTY_NAME=\"A System 1\"\\n' >{name}/etc/os-release"
                + $" && printf linked >{name}/hard1 && ln {name}/hard1 {name}/hard2 && mkdir -p {name}/lib/modules/6.1.0-9/kernel"
        );
        return place.File(name);
    }

    private static void AssertSystem(OpenedLevel level)
    {
        Assert.True(level.IsSystem);
        Assert.Equal(("A System 1", "systemd (/sbin/init)"), (level.Facts.System, level.Facts.Init));
        Assert.Equal(["6.1.0-9"], level.Facts.Modules);
        TreeInode link = level.Tree!.Find(UnixPath.From("sbin/init"))!;
        Assert.Equal((NodeKind.Symlink, "/usr/lib/systemd/systemd"), (link.Entry.Kind, link.Entry.Target.ToString()));
    }

    private static string Text(OpenedLevel level, string path)
    {
        TreeInode node = level.Tree!.Find(UnixPath.From(path))!;
        return Encoding.UTF8.GetString(node.Data!.ReadAll(node.Entry));
    }

    private MediaReader Reader() => new(Directory.CreateDirectory(place.File($"scratch-{scratch++}")).FullName, null, null, mounts: false);

    private Task<OpenedLevel> Open(string name) => Reader().OpenAsync(place.File(name), everything: true, Now);

    private void Shell(string script) => Judge.Run("sh", ["-ec", $"cd '{place.Path}'; PATH=$PATH:/sbin:/usr/sbin; {script}"]);
}
