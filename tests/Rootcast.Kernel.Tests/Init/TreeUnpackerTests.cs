using Rootcast.Formats;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;
using Rootcast.Init.Forms;
using Rootcast.Linux;
using Rootcast.Linux.Mounts;

namespace Rootcast.Tests;

/// <summary>The tmpfs form's half of "everything that a tree has survives", with GNU tar as the judge of both sides.</summary>
public sealed class TreeUnpackerTests : IDisposable
{
    private readonly string directory;
    private readonly string place;

    public TreeUnpackerTests()
    {
        Host.NeedsRoot();
        directory = Directory.CreateTempSubdirectory("rootcast-unpack").FullName;
        place = Path.Combine(directory, "place");
        Directory.CreateDirectory(place);
        Mounting.Mount("tmpfs", "test", place, MountFlags.NoAccessTime, "size=64M,mode=0755");
    }

    public void Dispose()
    {
        Mounting.Unmount(place, detach: true);
        // .NET cannot name files whose names are no UTF-8.
        Host.Run("rm", "-rf", directory);
    }

    [Fact]
    public void A_tree_with_everything_comes_out_the_same()
    {
        Host.Needs("setcap");
        Host.Needs("setfattr");
        string source = Path.Combine(directory, "source");
        Directory.CreateDirectory(source);
        Host.Run(
            "bash",
            "-ec",
            $"""
            cd {source}
            mkdir -p dir/below/deep setgid sticky
            printf data > dir/file; ln dir/file dir/below/hard; ln -s ../../outside dir/link; ln -s /etc/passwd absolute
            mknod null c 1 3; mknod disk b 259 70000; mkfifo fifo
            printf x > setuid; chown 1000:65534 setuid; chmod 6755 setuid
            chown 0:42 setgid; chmod 2775 setgid; printf y > setgid/file; chown 3:4 setgid/file; chmod 1777 sticky
            printf c > capable; setcap cap_net_raw+ep capable
            printf u > noted; setfattr -n trusted.note -v value noted; setfattr -n trusted.d -v value dir
            touch $'odd \n\xff\x01 name' empty; head -c 300000 /dev/urandom > large
            truncate -s 20M sparse; printf middle | dd of=sparse bs=1 seek=9000000 conv=notrunc status=none
            truncate -s 30M hole
            chown -h 7:8 dir/link
            touch -h -d '2001-02-03 04:05:06.789' dir/link null fifo dir/file empty
            touch -d '1999-01-01 00:00:00.5' dir/below dir setgid .
            """
        );
        string archive = Path.Combine(directory, "tree.tar");
        Tar(source, archive, "--sparse");
        using (FileStream file = File.OpenRead(archive))
        using (TreeUnpacker unpacker = new(place))
        {
            unpacker.Unpack(new TarReader(file));
            Assert.Empty(unpacker.DroppedAttributes);
        }
        Assert.Equal(Listing(source), Listing(place));
        // Without holes, since tar puts its own process number into the names of sparse files.
        string before = Path.Combine(directory, "before.tar");
        string after = Path.Combine(directory, "after.tar");
        Tar(source, before);
        Tar(place, after);
        Assert.Equal(Host.Run("sha256sum", before)[..64], Host.Run("sha256sum", after)[..64]);
        Assert.True(FileSystemUsage.Of(place).UsedBytes < 2 << 20, "holes have become data");
    }

    [Fact]
    public void A_link_that_leads_out_is_not_followed()
    {
        string outside = Path.Combine(directory, "outside");
        Directory.CreateDirectory(outside);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() =>
            Unpack(Entry("way", NodeKind.Symlink) with { Target = UnixPath.From(outside) }, Entry("way/file", NodeKind.File))
        );
        Assert.Contains("symbolic link is not followed", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    [Fact]
    public void A_file_over_a_link_replaces_the_link()
    {
        string outside = Path.Combine(directory, "outside");
        File.WriteAllText(outside, "untouched");
        Unpack(Entry("name", NodeKind.Symlink) with { Target = UnixPath.From(outside) }, Entry("name", NodeKind.File));
        Assert.Equal("untouched", File.ReadAllText(outside));
        Assert.Null(new FileInfo(Path.Combine(place, "name")).LinkTarget);
    }

    [Fact]
    public void A_hard_link_through_a_link_that_leads_out_is_refused()
    {
        Assert.Throws<InvalidDataException>(() =>
            Unpack(
                Entry("way", NodeKind.Symlink) with
                {
                    Target = UnixPath.From(directory),
                },
                Entry("hard", NodeKind.HardLink) with
                {
                    Target = UnixPath.From("way/tree.tar"),
                }
            )
        );
    }

    [Fact]
    public void A_full_file_system_is_told_with_the_file()
    {
        using MemoryStream archive = new();
        TarWriter writer = new(archive);
        writer.Write(Entry("large", NodeKind.File) with { Size = 70 << 20 }, new byte[70 << 20]);
        writer.Finish();
        archive.Position = 0;
        using TreeUnpacker unpacker = new(place);
        LinuxException error = Assert.Throws<LinuxException>(() => unpacker.Unpack(new TarReader(archive)));
        Assert.Equal(Errno.NoSpace, error.Number);
        Assert.Equal("large", error.Target);
    }

    [Fact]
    public void An_archive_that_ends_between_two_entries_is_refused()
    {
        using MemoryStream archive = new();
        TarWriter writer = new(archive);
        writer.Write(Entry("a", NodeKind.Directory));
        writer.Write(Entry("b", NodeKind.Directory));
        writer.Finish();
        using TreeUnpacker unpacker = new(place);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() =>
            unpacker.Unpack(new TarReader(new MemoryStream(archive.ToArray()[..512])))
        );
        Assert.Contains("it is cut", error.Message, StringComparison.Ordinal);
    }

    private static TreeEntry Entry(string path, NodeKind kind) =>
        new()
        {
            Path = UnixPath.From(path),
            Kind = kind,
            Mode = 0x1ED,
        };

    private void Unpack(params TreeEntry[] entries)
    {
        using MemoryStream archive = new();
        TarWriter writer = new(archive);
        foreach (TreeEntry entry in entries)
        {
            writer.Write(entry);
        }
        writer.Finish();
        archive.Position = 0;
        using TreeUnpacker unpacker = new(place);
        unpacker.Unpack(new TarReader(archive));
    }

    private static void Tar(string tree, string archive, params string[] more) =>
        Host.Run(
            "tar",
            [
                "--sort=name",
                "--numeric-owner",
                "--format=pax",
                "--pax-option=exthdr.name=%d/h,delete=atime,delete=ctime",
                "--xattrs",
                "--xattrs-include=*",
                .. more,
                "-C",
                tree,
                "-cf",
                archive,
                ".",
            ]
        );

    private static string Listing(string tree) =>
        Host.Run(
            "bash",
            "-ec",
            $"cd {tree}; find . -printf '%p %y %m %U:%G %s %n %T@ %l\\n' | grep -v ' d ' | sort; find . -type d -printf '%p %m %U:%G %T@\\n' | sort; getcap -r ."
        );
}
