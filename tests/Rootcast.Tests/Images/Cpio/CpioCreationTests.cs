using System.Text;
using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;
using Rootcast.Images.Cpio;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Initrds;
using Rootcast.Linux;
using Rootcast.Linux.Files;

namespace Rootcast.Tests;

public sealed class CpioCreationTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public CpioCreationTests()
    {
        directory.Write("tree/usr/bin/tool", new string('t', 10_000));
        directory.Write("tree/usr/bin/large", new string('l', 300_000));
        directory.Write("tree/usr/bin/empty", "");
        directory.Write("tree/etc/small", "small");
        File.CreateSymbolicLink(directory.File("tree/bin"), "usr/bin");
        Judge.Run("ln", [directory.File("tree/usr/bin/tool"), directory.File("tree/etc/again")]);
    }

    private static string[] Names =>
        [".", "usr", "usr/bin", "usr/bin/tool", "usr/bin/large", "usr/bin/empty", "etc", "etc/small", "etc/again", "bin"];

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Shuffled_doubled_and_oddly_spelled_names_give_the_same_bytes()
    {
        Create(Names, out byte[] straight, alignment: 4096);
        string[] other = [.. Names.Reverse(), "./usr//bin/tool", "//etc/small".TrimStart('/'), "usr/", "./"];
        Create(other, out byte[] shuffled, alignment: 4096);
        Assert.Equal(straight, shuffled);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(512)]
    [InlineData(4096)]
    public void What_is_read_back_is_what_was_there(int alignment)
    {
        CpioResult result = Create(Names, out byte[] bytes, alignment);
        Assert.Equal(Names.Length, result.Entries);
        Assert.Equal(bytes.Length, result.Bytes);
        Assert.Equal(0, bytes.Length % 512);
        CpioReader reader = new(new MemoryStream(bytes));
        Dictionary<string, (TreeEntry Entry, string Data)> found = [];
        HashSet<string> seen = [""];
        while (reader.Next() is { } entry)
        {
            string path = entry.Path.ToString();
            Assert.Contains(Path.GetDirectoryName(path) ?? "", seen);
            seen.Add(path);
            if (alignment > 0 && entry.Size >= alignment)
            {
                Assert.Equal(0, reader.DataOffset % alignment);
            }
            StringBuilder data = new();
            while (reader.ReadData(out ReadOnlySpan<byte> piece))
            {
                data.Append(Encoding.ASCII.GetString(piece));
            }
            found.Add(path, (entry, data.ToString()));
        }
        Assert.Empty(reader.Problems);
        Assert.Equal(Names.Length, found.Count);
        Assert.Equal(new string('l', 300_000), found["usr/bin/large"].Data);
        Assert.Equal("small", found["etc/small"].Data);
        Assert.Equal("", found["usr/bin/empty"].Data);
        Assert.Equal("usr/bin", found["bin"].Entry.Target.ToString());
        Assert.Equal(NodeKind.HardLink, found["usr/bin/tool"].Entry.Kind);
        Assert.Equal("etc/again", found["usr/bin/tool"].Entry.Target.ToString());
        Assert.Equal(new string('t', 10_000), found["etc/again"].Data);
    }

    [Fact]
    public void Only_names_in_the_archive_count_as_links()
    {
        Create(["etc", "etc/again"], out byte[] bytes, alignment: 0);
        const int linkCountField = 38;
        int header = bytes.AsSpan().LastIndexOf("etc/again\0"u8) - 110;
        Assert.Equal("00000001", Encoding.ASCII.GetString(bytes, header + linkCountField, 8));
    }

    [Fact]
    public void Times_are_kept_or_set_or_bounded()
    {
        File.SetLastWriteTimeUtc(directory.File("tree/etc/small"), DateTimeOffset.FromUnixTimeSeconds(1_000_000).UtcDateTime);
        Assert.Equal(1_000_000, TimeOf(Request(["etc/small"])));
        Assert.Equal(7, TimeOf(Request(["etc/small"]) with { ModifiedSeconds = 7 }));
        Assert.Equal(900_000, TimeOf(Request(["etc/small"]) with { LatestModifiedSeconds = 900_000 }));
        Assert.Equal(1_000_000, TimeOf(Request(["etc/small"]) with { LatestModifiedSeconds = 2_000_000 }));
    }

    [Fact]
    public void No_names_give_an_archive_of_nothing()
    {
        CpioResult result = Create([], out byte[] bytes, alignment: 4096);
        Assert.Equal(0, result.Entries);
        Assert.Equal(512, bytes.Length);
        Assert.Null(new CpioReader(new MemoryStream(bytes)).Next());
    }

    [Fact]
    public void A_directory_link_comes_before_what_is_reached_through_it()
    {
        Create([.. Names, "bin/large"], out byte[] bytes, alignment: 4096);
        CpioReader reader = new(new MemoryStream(bytes));
        List<string> order = [];
        while (reader.Next() is { } entry)
        {
            order.Add(entry.Path.ToString());
        }
        Assert.InRange(order.IndexOf("bin"), order.IndexOf("usr/bin") + 1, order.IndexOf("bin/large") - 1);
    }

    [Fact]
    public void Microcode_stands_at_the_beginning_with_its_name_as_it_is()
    {
        directory.Write("tree/kernel/x86/microcode/GenuineIntel.bin", new string('m', 9000));
        string[] early = ["kernel", "kernel/x86", "kernel/x86/microcode", "kernel/x86/microcode/GenuineIntel.bin"];
        Create(early, out byte[] bytes, alignment: 4096);
        int name = bytes.AsSpan().IndexOf("kernel/x86/microcode/GenuineIntel.bin"u8);
        Assert.Equal("00000026", Encoding.ASCII.GetString(bytes, name - 16, 8));
    }

    [Theory]
    [InlineData("missing", "missing cannot be read: No such file")]
    [InlineData("usr/../etc", "..")]
    public void A_name_that_cannot_be_taken_is_told_and_leaves_no_output(string name, string said)
    {
        UserError error = Assert.Throws<UserError>(() => CpioCreation.Create(Request([name]), TestContext.Current.CancellationToken));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        AssertNoOutput();
    }

    [Fact]
    public void Names_may_be_separated_by_NULs_and_have_newlines()
    {
        directory.Write("tree/etc/two\nlines", "odd");
        Assert.Equal(2, CpioNames.Parse("etc\0etc/two\nlines\0\0"u8.ToArray(), 0).Count);
        Assert.Equal("/etc", CpioNames.Parse("/etc\n"u8.ToArray(), (byte)'\n') is [{ IsAbsolute: true } name] ? $"/{name.Path}" : null);
    }

    [Theory]
    [InlineData(Errno.CrossDevice)]
    [InlineData(Errno.NotSupported)]
    [InlineData(Errno.NoSystemCall)]
    [InlineData(0)]
    public void Interrupted_short_and_refused_calls_change_no_byte(int errno)
    {
        Create(Names, out byte[] expected, alignment: 4096);
        FaultyDataCalls calls = new()
        {
            MostBytes = 1000,
            CopyErrno = errno,
            CloneErrno = Errno.CrossDevice,
        };
        CpioResult result = CpioCreation.Create(
            Request(Names) with
            {
                Mover = new DataMover(calls),
            },
            TestContext.Current.CancellationToken
        );
        Assert.Equal(expected, File.ReadAllBytes(directory.File("out")));
        Assert.True(calls.Copies > 0);
        MissedSharing missed = Assert.Single(result.Missed, missed => missed.Path.ToString() == "usr/bin/large");
        Assert.Contains("another file system", missed.Reason, StringComparison.Ordinal);
    }

    /// <summary>Behind four directories of long names the header of a file ends just behind a multiple of 4096, and there is nothing small to put before it.</summary>
    [Fact]
    public void A_name_too_long_for_the_NULs_is_a_reason_not_to_share()
    {
        string[] parts = [.. "abcd".Select(letter => new string(letter, 250)), new string('f', 40)];
        string[] names = [.. Enumerable.Range(1, parts.Length).Select(count => string.Join('/', parts[..count]))];
        directory.Write($"tree/{names[^1]}", new string('x', 10_000));
        CpioResult result = CpioCreation.Create(
            Request(names) with
            {
                Alignment = 4096,
                Reflink = ReflinkMode.Auto,
            },
            TestContext.Current.CancellationToken
        );
        MissedSharing missed = Assert.Single(result.Missed);
        Assert.Contains("its name would be longer than 4096", missed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Always_fails_with_the_path_and_the_reason()
    {
        CpioRequest request = Request(Names) with
        {
            Reflink = ReflinkMode.Always,
            Mover = new DataMover(new FaultyDataCalls { CloneErrno = Errno.CrossDevice }),
        };
        UserError error = Assert.Throws<UserError>(() => CpioCreation.Create(request, TestContext.Current.CancellationToken));
        Assert.Contains("cannot be shared with the archive: it is on another file system", error.Message, StringComparison.Ordinal);
        AssertNoOutput();
    }

    [Theory]
    [InlineData("append")]
    [InlineData("shrink")]
    [InlineData("touch")]
    public void A_source_that_changes_while_it_is_read_is_an_error(string how)
    {
        string path = directory.File("tree/usr/bin/large");
        bool done = false;
        FaultyDataCalls calls = new()
        {
            CloneErrno = Errno.NotSupported,
            BeforeRead = () =>
            {
                if (done)
                {
                    return;
                }
                done = true;
                using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
                file.SetLength(
                    how == "append" ? 300_001
                    : how == "shrink" ? 100
                    : 300_000
                );
                File.SetLastWriteTimeUtc(file.SafeFileHandle, DateTime.UnixEpoch);
            },
        };
        CpioRequest request = Request(["usr/bin/large"]) with { Mover = new DataMover(calls) };
        UserError error = Assert.Throws<UserError>(() => CpioCreation.Create(request, TestContext.Current.CancellationToken));
        Assert.Contains("usr/bin/large changed while it was read", error.Message, StringComparison.Ordinal);
        AssertNoOutput();
    }

    [Fact]
    public void A_source_that_vanishes_is_an_error()
    {
        FaultyDataCalls calls = new() { BeforeRead = () => File.Delete(directory.File("tree/usr/bin/large")) };
        CpioRequest request = Request(Names) with { Mover = new DataMover(calls), Alignment = 0 };
        UserError error = Assert.Throws<UserError>(() => CpioCreation.Create(request, TestContext.Current.CancellationToken));
        Assert.Contains("it vanished", error.Message, StringComparison.Ordinal);
        AssertNoOutput();
    }

    [Fact]
    public void A_full_disk_is_told_and_the_old_archive_stays()
    {
        directory.Write("out", "old");
        CpioRequest request = Request(Names) with
        {
            Mover = new DataMover(new FaultyDataCalls { Room = 5000, CopyErrno = Errno.NotSupported }),
        };
        UserError error = Assert.Throws<UserError>(() => CpioCreation.Create(request, TestContext.Current.CancellationToken));
        Assert.Contains("no room", error.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(directory.File("out")));
        Assert.Equal(["out", "tree"], Directory.EnumerateFileSystemEntries(directory.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_file_of_four_gibibytes_is_refused_and_one_byte_less_is_not_by_the_header()
    {
        using (FileStream file = File.Create(directory.File("tree/huge")))
        {
            file.SetLength(1L << 32);
        }
        UserError error = Assert.Throws<UserError>(() => CpioCreation.Create(Request(["huge"]), TestContext.Current.CancellationToken));
        Assert.Contains("4 GiB less one", error.Message, StringComparison.Ordinal);
        AssertNoOutput();
    }

    [Fact]
    public void An_output_that_is_no_file_is_left_alone()
    {
        UserError error = Assert.Throws<UserError>(() =>
            CpioCreation.Create(Request(Names) with { Output = "/dev/null" }, TestContext.Current.CancellationToken)
        );
        Assert.Contains("no regular file", error.Message, StringComparison.Ordinal);
        Assert.Equal(FileStatus.TypeCharacterDevice, FileNodes.Status(null, "/dev/null"u8).Type);
    }

    [Fact]
    public void Joined_archives_are_read_one_after_the_other()
    {
        Create(["etc", "etc/small"], out _, alignment: 0);
        File.Move(directory.File("out"), directory.File("first"));
        Create(["usr", "usr/bin", "usr/bin/large"], out _, alignment: 4096);
        InitrdBytes bytes = InitrdAssembler.Assemble(
            [
                InitrdSegment.OfFile(SegmentKind.Base, directory.File("first")),
                InitrdSegment.OfFile(SegmentKind.Base, directory.File("out")),
            ],
            directory.File("both"),
            cancellation: TestContext.Current.CancellationToken
        );
        Assert.Equal(new FileInfo(directory.File("both")).Length, bytes.Total);
        Assert.Equal(
            ["etc", "etc/small", "usr", "usr/bin", "usr/bin/large"],
            InitramfsContents.List(directory.File("both")).Select(listing => listing.Entry.Path.ToString())
        );
        UserError error = Assert.Throws<UserError>(() => InitrdAssembler.CheckBeginning(directory.Write("text", "no archive")));
        Assert.Contains("is no initrd", error.Message, StringComparison.Ordinal);
    }

    private CpioRequest Request(string[] names) =>
        new()
        {
            Names = CpioNames.Parse(Encoding.UTF8.GetBytes(string.Join('\n', names)), (byte)'\n'),
            Directory = directory.File("tree"),
            Output = directory.File("out"),
            Alignment = 4096,
        };

    private CpioResult Create(string[] names, out byte[] bytes, int alignment)
    {
        CpioResult result = CpioCreation.Create(Request(names) with { Alignment = alignment }, TestContext.Current.CancellationToken);
        bytes = File.ReadAllBytes(directory.File("out"));
        return result;
    }

    private long TimeOf(CpioRequest request)
    {
        CpioCreation.Create(request, TestContext.Current.CancellationToken);
        using FileStream file = File.OpenRead(request.Output);
        return new CpioReader(file).Next()!.ModifiedSeconds;
    }

    private void AssertNoOutput() => Assert.Equal([directory.File("tree")], Directory.EnumerateFileSystemEntries(directory.Path));
}
