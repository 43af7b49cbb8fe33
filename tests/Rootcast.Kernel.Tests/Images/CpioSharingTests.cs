using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Images.Cpio;
using Rootcast.Linux.Files;

namespace Rootcast.Tests;

/// <summary>Archives on real file systems: what is shared by the file system's own word, and what other programs read out of them.</summary>
public sealed class CpioSharingTests : IDisposable
{
    private readonly List<LoopFileSystem> mounted = [];

    public CpioSharingTests() => Host.NeedsLoopDevices();

    public void Dispose() => mounted.ForEach(each => each.Dispose());

    [Theory]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public void Whole_blocks_are_shared_and_there_are_no_gaps(string type)
    {
        LoopFileSystem place = Mount(type);
        MakeTree(place.PathOf("tree"));
        CpioResult result = Create(place.PathOf("tree"), place.PathOf("out"), ReflinkMode.Always, alignment: null);
        Assert.Equal(4096, result.Alignment);
        Assert.Empty(result.Missed);
        ArchiveExtents extents = ArchiveExtents.Of(place.PathOf("out"));
        Assert.Equal(result.Bytes, extents.TotalBytes);
        Assert.Equal(result.SharedBytes, extents.SharedBytes);
        Assert.InRange(extents.SharedBytes, extents.TotalBytes * 96 / 100, extents.TotalBytes);
        Assert.All(extents.Missed, missed => Assert.StartsWith("small", missed.Reason, StringComparison.Ordinal));
        using SafeFileHandle file = FileNodes.Open(place.PathOf("out"), OpenFlags.ReadOnly);
        long end = 0;
        foreach (FileExtent extent in FileExtents.Of(file))
        {
            Assert.Equal(end, extent.Offset);
            end = extent.Offset + extent.Length;
        }
        Assert.InRange(end, result.Bytes, result.Bytes + 4095);
    }

    [Fact]
    public void Bytes_are_the_same_on_every_file_system_shared_or_not()
    {
        LoopFileSystem xfs = Mount("xfs");
        MakeTree(xfs.PathOf("tree"));
        List<byte[]> archives = [];
        foreach (string type in (string[])["ext4", "btrfs"])
        {
            LoopFileSystem other = Mount(type);
            Host.Run("cp", "-a", xfs.PathOf("tree"), other.PathOf("tree"));
            Create(other.PathOf("tree"), other.PathOf("out"), ReflinkMode.Auto, alignment: 4096);
            archives.Add(File.ReadAllBytes(other.PathOf("out")));
        }
        foreach (ReflinkMode mode in (ReflinkMode[])[ReflinkMode.Always, ReflinkMode.Never])
        {
            CpioResult result = Create(xfs.PathOf("tree"), xfs.PathOf("out"), mode, alignment: 4096);
            Assert.Equal(mode == ReflinkMode.Always, result.SharedBytes > 0);
            Assert.Equal(result.SharedBytes, ArchiveExtents.Of(xfs.PathOf("out")).SharedBytes);
            archives.Add(File.ReadAllBytes(xfs.PathOf("out")));
        }
        Assert.All(archives, archive => Assert.True(archive.AsSpan().SequenceEqual(archives[0])));
    }

    [Fact]
    public void Across_file_systems_auto_copies_and_says_so_and_always_fails()
    {
        LoopFileSystem source = Mount("ext4");
        LoopFileSystem target = Mount("xfs");
        MakeTree(source.PathOf("tree"));
        CpioResult result = Create(source.PathOf("tree"), target.PathOf("out"), ReflinkMode.Auto, alignment: null);
        Assert.Equal(0, result.SharedBytes);
        Assert.NotEmpty(result.Missed);
        Assert.All(result.Missed, missed => Assert.Contains("another file system", missed.Reason, StringComparison.Ordinal));
        UserError error = Assert.Throws<UserError>(() => Create(source.PathOf("tree"), target.PathOf("other"), ReflinkMode.Always, null));
        Assert.Contains("another file system", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<UserError>(() => Create(source.PathOf("tree"), source.PathOf("other"), ReflinkMode.Always, null));
        Assert.Contains("cannot share extents", error.Message, StringComparison.Ordinal);
        Assert.Equal([target.PathOf("out")], Directory.EnumerateFiles(target.Path));
        Assert.Empty(Directory.EnumerateFiles(source.Path));
    }

    [Fact]
    public void Files_that_are_not_copied_on_write_or_have_holes_are_copied_and_told()
    {
        LoopFileSystem place = Mount("btrfs");
        Directory.CreateDirectory(place.PathOf("tree"));
        string nocow = place.PathOf("tree/nocow");
        Host.Run("touch", nocow);
        Host.Run("chattr", "+C", nocow);
        File.WriteAllBytes(nocow, Random(100_000));
        Host.Run("truncate", "-s", "1M", place.PathOf("tree/sparse"));
        Host.Run("sync", "-f", place.Path);
        CpioResult result = Create(place.PathOf("tree"), place.PathOf("out"), ReflinkMode.Auto, alignment: null);
        Assert.Contains("NOCOW", result.Missed.Single(missed => missed.Path.ToString() == "nocow").Reason, StringComparison.Ordinal);
        Assert.Contains("holes", result.Missed.Single(missed => missed.Path.ToString() == "sparse").Reason, StringComparison.Ordinal);
        using SafeFileHandle file = FileNodes.Open(place.PathOf("out"), OpenFlags.ReadOnly);
        Assert.Equal(result.Bytes, FileData.SeekHole(file, 0));
    }

    [Theory]
    [InlineData("ext4", "4M")]
    [InlineData("btrfs", "128M")]
    public void A_full_disk_is_told_and_nothing_is_left(string type, string size)
    {
        LoopFileSystem source = Mount("ext4");
        Directory.CreateDirectory(source.PathOf("tree"));
        File.WriteAllBytes(source.PathOf("tree/large"), Random(type == "ext4" ? 8 << 20 : 160 << 20));
        LoopFileSystem full = Mount(type, size);
        File.WriteAllText(full.PathOf("out"), "old");
        UserError error = Assert.Throws<UserError>(() => Create(source.PathOf("tree"), full.PathOf("out"), ReflinkMode.Auto, 4096));
        Assert.Contains("no room", error.Message, StringComparison.Ordinal);
        Assert.Equal([full.PathOf("out")], Directory.EnumerateFiles(full.Path));
        Assert.Equal("old", File.ReadAllText(full.PathOf("out")));
    }

    [Theory]
    [InlineData("cpio", "cpio --quiet -idm < ../out")]
    [InlineData("bsdcpio", "bsdcpio --quiet -idm < ../out")]
    [InlineData("busybox", "busybox cpio -idm < ../out")]
    public void Other_programs_unpack_an_aligned_archive_to_what_it_was_made_of(string program, string command)
    {
        Host.Needs(program);
        LoopFileSystem place = Mount("xfs");
        MakeTree(place.PathOf("tree"));
        Create(place.PathOf("tree"), place.PathOf("out"), ReflinkMode.Always, alignment: null);
        Directory.CreateDirectory(place.PathOf("unpacked"));
        Host.Run("sh", "-ec", $"cd {place.PathOf("unpacked")}; {command}");
        // diff takes two device nodes for the same only when both were made within one second.
        Host.Run("diff", "-r", "--no-dereference", "--exclude=device", place.PathOf("tree"), place.PathOf("unpacked"));
        // Times of directories and links are the programs' affair: not all of them set these.
        string facts =
            "cd {0}; find . -mindepth 1 '(' -type d -printf '%P %y %m %U %G\\n' ')' -o '(' -type l -printf '%P %l\\n' ')' -o -printf '%P %y %m %U %G %n %T@ %s\\n' | sort; stat -c '%t:%T' device";
        Assert.Equal(
            Host.Run("sh", "-ec", facts.Replace("{0}", place.PathOf("tree"), StringComparison.Ordinal)),
            Host.Run("sh", "-ec", facts.Replace("{0}", place.PathOf("unpacked"), StringComparison.Ordinal))
        );
    }

    /// <summary>A few megabytes in files of all lengths around blocks, links of both kinds, a device, odd names.</summary>
    private static void MakeTree(string path)
    {
        Directory.CreateDirectory(Path.Combine(path, "deep/er"));
        int[] lengths = [0, 1, 4, 4095, 4096, 4097, 8191, 8192, 12_345, 100_001, 1 << 20, 3 << 20];
        foreach (int length in lengths)
        {
            File.WriteAllBytes(Path.Combine(path, $"deep/{length}"), Random(length));
        }
        for (int index = 0; index < 40; index++)
        {
            File.WriteAllBytes(Path.Combine(path, $"deep/er/{index}"), Random(index * 5));
        }
        File.WriteAllText(Path.Combine(path, "odd ~ näme"), "odd");
        Host.Run("ln", Path.Combine(path, "deep/100001"), Path.Combine(path, "again"));
        Host.Run("ln", "-s", "deep/er", Path.Combine(path, "link"));
        Host.Run("mknod", Path.Combine(path, "device"), "c", "400", "70000");
        Host.Run("chmod", "4711", Path.Combine(path, "deep/12345"));
        Host.Run("sh", "-ec", $"find {path} | xargs -d '\\n' touch -h -d @1000000000");
        Host.Run("sync", "-f", path);
    }

    private static byte[] Random(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static CpioResult Create(string tree, string output, ReflinkMode reflink, int? alignment)
    {
        string names = Host.Run("sh", "-ec", $"cd {tree}; find . -mindepth 1");
        return CpioCreation.Create(
            new CpioRequest
            {
                Names = CpioNames.Parse(Encoding.UTF8.GetBytes(names), (byte)'\n'),
                Directory = tree,
                Output = output,
                Reflink = reflink,
                Alignment = alignment,
            },
            TestContext.Current.CancellationToken
        );
    }

    private LoopFileSystem Mount(string type, string? size = null)
    {
        LoopFileSystem made = type switch
        {
            "xfs" => new LoopFileSystem(type, size ?? "300M", "-m", "reflink=1"),
            "btrfs" => new LoopFileSystem(type, size ?? "128M"),
            _ => new LoopFileSystem(type, size ?? "200M"),
        };
        mounted.Add(made);
        return made;
    }
}
