using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Images.Cpio;
using Rootcast.Images.Initramfs;
using Rootcast.Linux.Files;

namespace Rootcast.Tests;

/// <summary>What unpacking leaves behind, by archives made by hand; the projects whose own tests have the case are named.</summary>
public sealed class InitramfsExtractionTests : IDisposable
{
    private const uint SetuidFile = 0x89ed;
    private const uint SetuidDirectory = 0x49fd;

    private readonly TemporaryDirectory _directory = new();

    private string Root => _directory.File("root");

    public void Dispose() => _directory.Dispose();

    /// <summary>Linux, initramfs_test.c; files and directories that are setuid are 3cpio's.</summary>
    [Theory]
    [InlineData(CpioBytes.FileMode)]
    [InlineData(CpioBytes.DirectoryMode)]
    [InlineData(SetuidFile)]
    [InlineData(SetuidDirectory)]
    public void Owners_mode_and_time_of_files_and_directories_are_those_of_the_archive(uint mode)
    {
        // A file below comes later, so that it could change the time of the directory.
        bool isDirectory = (mode & 0xf000) == 0x4000;
        byte[] below = isDirectory ? CpioBytes.Entry("node/below", data: "data") : [];
        Assert.Equal(
            isDirectory ? 2 : 1,
            Extract(CpioBytes.Entry("node", mode, isDirectory ? "" : "data", mtime: 1_234_567_890), below, CpioBytes.Trailer)
        );
        FileStatus status = Status("node");
        Assert.Equal((int)mode, status.Mode);
        Assert.Equal(1_234_567_890, status.ModifiedSeconds);
        if (Environment.IsPrivilegedProcess)
        {
            Assert.Equal((1u, 2u), (status.Uid, status.Gid));
        }
    }

    /// <summary>Linux, initramfs_test.c: what came before the wrong sum is kept, what comes after it is not made.</summary>
    [Fact]
    public void A_wrong_sum_ends_the_unpacking_and_what_came_before_stays()
    {
        UserError error = Assert.Throws<UserError>(() =>
            Extract(
                CpioBytes.Entry("first", data: "abc", magic: "070702", check: CpioBytes.Sum("abc")),
                CpioBytes.Entry("wrong", data: "abc", magic: "070702", check: CpioBytes.Sum("abd")),
                CpioBytes.Entry("behind", data: "abc", magic: "070702", check: CpioBytes.Sum("abc")),
                CpioBytes.Trailer
            )
        );
        Assert.Contains("the sum of the data", error.Message, StringComparison.Ordinal);
        Assert.Equal("abc", File.ReadAllText(Root + "/first"));
        Assert.False(File.Exists(Root + "/behind"));
    }

    [Fact]
    public void An_archive_that_is_cut_inside_of_data_is_told()
    {
        byte[] whole = CpioBytes.Join(CpioBytes.Entry("first", data: "abc"), CpioBytes.Entry("second", data: new string('x', 5000)));
        UserError error = Assert.Throws<UserError>(() => Extract(whole[..^100]));
        Assert.Contains("the archive ends inside the data of an entry", error.Message, StringComparison.Ordinal);
        Assert.Equal("abc", File.ReadAllText(Root + "/first"));
    }

    /// <summary>3cpio's extract tests: each compressor that a kernel can have, behind a bare archive.</summary>
    [Theory]
    [InlineData("bzip2 -c", InitrdCompression.Bzip2)]
    [InlineData("gzip -c", InitrdCompression.Gzip)]
    [InlineData("lz4 -l -c", InitrdCompression.Lz4Legacy)]
    [InlineData("lzma -c", InitrdCompression.Lzma)]
    [InlineData("lzop -c", InitrdCompression.Lzo)]
    [InlineData("xz --check=crc32 -c", InitrdCompression.Xz)]
    [InlineData("zstd -q -c", InitrdCompression.Zstd)]
    public void A_compressed_second_member_is_unpacked(string command, InitrdCompression compression)
    {
        byte[] early = CpioBytes.Join(CpioBytes.Entry("early", data: "early"), CpioBytes.Entry("both", data: "early"), CpioBytes.Trailer);
        byte[] late = CpioBytes.Join(
            CpioBytes.Entry("dir", CpioBytes.DirectoryMode),
            CpioBytes.Entry("dir/late", data: new string('l', 70_000)),
            CpioBytes.Entry("both", data: "late"),
            CpioBytes.Trailer
        );
        // Build tools often fill the last member up.
        Assert.Equal(5, Extract(early, Packed(command, late), new byte[512]));
        Assert.Equal("early", File.ReadAllText(Root + "/early"));
        Assert.Equal(new string('l', 70_000), File.ReadAllText(Root + "/dir/late"));
        Assert.Equal("late", File.ReadAllText(Root + "/both"));
        Assert.Equal(
            [InitrdCompression.None, InitrdCompression.None, compression, compression, compression],
            InitramfsContents.List(_directory.File("archive")).Select(listing => listing.Member.Compression)
        );
    }

    /// <summary>buffer-format.rst: archives of any kind follow each other in any order.</summary>
    [Theory]
    [InlineData("bzip2 -c")]
    [InlineData("gzip -c")]
    [InlineData("lz4 -l -c")]
    [InlineData("lzma -c")]
    [InlineData("lzop -c")]
    [InlineData("xz --check=crc32 -c")]
    [InlineData("zstd -q -c")]
    public void A_bare_archive_behind_a_compressed_one_is_unpacked(string command)
    {
        byte[] noise = new byte[100_000];
        new Random(1).NextBytes(noise);
        string data = System.Text.Encoding.Latin1.GetString(noise);
        byte[] packed = Packed(command, CpioBytes.Join(CpioBytes.Entry("first", data: data), CpioBytes.Trailer));
        byte[] last = CpioBytes.Join(CpioBytes.Entry("last", data: "last"), CpioBytes.Trailer);
        Assert.Equal(2, Extract(packed, new byte[-packed.Length & 3], last));
        Assert.Equal("last", File.ReadAllText(Root + "/last"));
        Assert.Equal(noise, File.ReadAllBytes(Root + "/first"));
    }

    /// <summary>toybox's cpio.test: nothing is no archive.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(512)]
    public void Empty_input_is_an_error(int nuls)
    {
        UserError error = Assert.Throws<UserError>(() => Extract(new byte[nuls]));
        Assert.Contains("there is no archive", error.Message, StringComparison.Ordinal);
        Assert.Throws<UserError>(() => InitramfsContents.List(_directory.File("archive")).Count());
        Assert.True(Assert.Single(CpioCheck.Run(new MemoryStream(new byte[nuls]), out _)).Breaks);
    }

    /// <summary>dracut-cpio's empty list of names gives such an archive; it is whole.</summary>
    [Fact]
    public void An_archive_of_nothing_is_one()
    {
        Assert.Equal(0, Extract(CpioBytes.Trailer));
        Assert.Empty(CpioCheck.Run(new MemoryStream(CpioBytes.Trailer), out _));
    }

    /// <summary>booster's unpack_test.go: names that are absolute or climb stay inside, or nothing of them is written.</summary>
    [Theory]
    [InlineData("../victim", false)]
    [InlineData("dir/../../victim", false)]
    [InlineData("/../victim", false)]
    [InlineData("/victim", true)]
    [InlineData("//victim", true)]
    public void Names_that_lead_out_write_nothing_outside(string name, bool taken)
    {
        string victim = _directory.Write("victim", "untouched");
        byte[][] archive = [CpioBytes.Entry("dir", CpioBytes.DirectoryMode), CpioBytes.Entry(name, data: "evil"), CpioBytes.Trailer];
        if (taken)
        {
            Extract(archive);
            Assert.Equal("evil", File.ReadAllText(Root + "/victim"));
        }
        else
        {
            Assert.Throws<UserError>(() => Extract(archive));
        }
        Assert.Equal("untouched", File.ReadAllText(victim));
        Assert.False(File.Exists("/victim"));
    }

    /// <summary>booster again: a directory that was made is replaced by a link that leads out, then written through.</summary>
    [Fact]
    public void A_link_in_the_place_of_a_directory_does_not_lead_out()
    {
        string outside = Path.GetDirectoryName(_directory.Write("outside/file", "untouched"))!;
        Extract(
            CpioBytes.Entry("etc", CpioBytes.DirectoryMode),
            CpioBytes.Entry("etc", CpioBytes.SymlinkMode, outside),
            CpioBytes.Entry("etc/file", data: "evil"),
            CpioBytes.Trailer
        );
        Assert.Equal("untouched", File.ReadAllText(outside + "/file"));
        Assert.Equal("evil", File.ReadAllText(Root + outside + "/file"));
    }

    private FileStatus Status(string name) => FileNodes.Status(null, System.Text.Encoding.UTF8.GetBytes($"{Root}/{name}"));

    private byte[] Packed(string command, byte[] archive)
    {
        Judge.Needs(command.Split(' ')[0]);
        string plain = _directory.File("plain");
        string packed = _directory.File("packed");
        File.WriteAllBytes(plain, archive);
        Judge.Run("sh", ["-ec", $"{command} < '{plain}' > '{packed}'"]);
        return File.ReadAllBytes(packed);
    }

    private int Extract(params byte[][] parts)
    {
        string archive = _directory.File("archive");
        File.WriteAllBytes(archive, CpioBytes.Join(parts));
        return InitramfsContents.Extract(archive, Root, cancellation: TestContext.Current.CancellationToken);
    }
}
