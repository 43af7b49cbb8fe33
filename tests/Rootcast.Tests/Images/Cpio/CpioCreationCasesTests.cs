using System.Globalization;
using System.Text;
using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;
using Rootcast.Images.Cpio;
using Rootcast.Linux.Files;

namespace Rootcast.Tests;

/// <summary>Cases that the suites of dracut-cpio, 3cpio and libarchive have, for archives that are made of files.</summary>
public sealed class CpioCreationCasesTests : IDisposable
{
    private const int HeaderLength = 110;
    private const int InodeField = 6;
    private const int LinkCountField = 38;
    private const int SizeField = 54;
    private const int NameSizeField = 94;

    private readonly TemporaryDirectory directory = new();

    public CpioCreationCasesTests() => Directory.CreateDirectory(directory.File("tree"));

    public void Dispose() => directory.Dispose();

    /// <summary>dracut-cpio: special files.</summary>
    [Fact]
    public void A_fifo_and_a_socket_are_archived_without_data()
    {
        FileNodes.MakeNode(null, Bytes("fifo"), FileStatus.TypeFifo | 0x1a4);
        FileNodes.MakeNode(null, Bytes("socket"), FileStatus.TypeSocket | 0x180);
        Dictionary<string, TreeEntry> entries = Entries(Create(["fifo", "socket"]));
        Assert.Equal((NodeKind.Fifo, 0L), (entries["fifo"].Kind, entries["fifo"].Size));
        Assert.Equal((NodeKind.Socket, 0L), (entries["socket"].Kind, entries["socket"].Size));
    }

    /// <summary>dracut-cpio: device nodes; a minor number has 20 bits, a major number 12.</summary>
    [Theory]
    [InlineData(FileStatus.TypeCharacterDevice, NodeKind.CharacterDevice, 1, 3)]
    [InlineData(FileStatus.TypeBlockDevice, NodeKind.BlockDevice, 8, 1)]
    [InlineData(FileStatus.TypeCharacterDevice, NodeKind.CharacterDevice, 4095, 1048575)]
    [InlineData(FileStatus.TypeBlockDevice, NodeKind.BlockDevice, 259, 65536)]
    public void Devices_keep_their_numbers(int type, NodeKind kind, uint major, uint minor)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "device nodes take root");
        FileNodes.MakeNode(null, Bytes("device"), type | 0x1b0, major, minor);
        TreeEntry entry = Entries(Create(["device"]))["device"];
        Assert.Equal((kind, major, minor), (entry.Kind, entry.DeviceMajor, entry.DeviceMinor));
    }

    /// <summary>dracut-cpio: absolute names are looked up from the root and archived without it.</summary>
    [Fact]
    public void Absolute_names_lose_their_slash_and_are_read_from_the_root()
    {
        string file = directory.Write("elsewhere/file", "absolute");
        directory.Write("tree/file", "relative");
        byte[] archive = Create([file, "/" + file, "./file"]);
        CpioReader reader = new(new MemoryStream(archive));
        List<string> found = [];
        while (reader.Next() is { } entry)
        {
            found.Add($"{entry.Path}={CpioReaderTests.Text(reader)}");
        }
        Assert.Equal([$"{file[1..]}=absolute", "file=relative"], found.Order(StringComparer.Ordinal).Reverse());
        Assert.Equal(-1, archive.AsSpan().IndexOf(Encoding.UTF8.GetBytes("/file\0./file")));
    }

    /// <summary>dracut-cpio: an output that is there and longer is replaced as a whole.</summary>
    [Fact]
    public void Nothing_of_a_longer_output_is_left()
    {
        directory.Write("tree/file", "data");
        byte[] expected = Create(["file"]);
        directory.Write("out", new string('o', 100_000));
        Assert.Equal(expected, Create(["file"]));
    }

    /// <summary>dracut-cpio: a file is aligned from the size of the alignment on.</summary>
    [Theory]
    [InlineData(511, false)]
    [InlineData(512, true)]
    [InlineData(513, true)]
    public void Data_is_aligned_from_its_alignments_size_on(int size, bool aligned)
    {
        directory.Write("tree/file", new string('x', size));
        byte[] archive = Create(["file"], alignment: 512);
        CpioReader reader = new(new MemoryStream(archive));
        reader.Next();
        Assert.Equal(aligned ? 512 : 116, reader.DataOffset);
        Assert.Equal(size, CpioReaderTests.Text(reader).Length);
        Assert.Equal(aligned, Field(archive, 0, NameSizeField) > "file\0".Length);
    }

    /// <summary>dracut-cpio: many entries; so many are looked at by several threads.</summary>
    [Fact]
    public void Thousands_of_entries_come_back_each_with_its_own_data()
    {
        const int count = 2500;
        string[] names = [.. Enumerable.Range(0, count).Select(index => $"d{index % 7}/f{index}")];
        for (int index = 0; index < count; index++)
        {
            directory.Write($"tree/{names[index]}", new string((char)('a' + index % 26), index % 700));
        }
        byte[] archive = Create([.. Enumerable.Range(0, 7).Select(index => $"d{index}"), .. names], alignment: 512);
        CpioReader reader = new(new MemoryStream(archive));
        int read = 0;
        while (reader.Next() is { } entry)
        {
            if (entry.Kind == NodeKind.File)
            {
                int index = int.Parse(entry.Path.ToString()[4..], CultureInfo.InvariantCulture);
                Assert.Equal(new string((char)('a' + index % 26), index % 700), CpioReaderTests.Text(reader));
                read++;
            }
        }
        Assert.Equal(count, read);
    }

    /// <summary>3cpio: a name that the kernel would not read.</summary>
    [Fact]
    public void A_name_that_is_too_long_is_told_and_leaves_no_output()
    {
        Assert.Equal(4095, Entries(CreateOf(File(new string('n', 4095), 1, 1))).Single().Key.Length);
        System.IO.File.Delete(directory.File("out"));
        UserError error = Assert.Throws<UserError>(() => CreateOf(File(new string('n', 4096), 1, 1)));
        Assert.Contains("its name has 4096 bytes; the kernel reads at most 4095", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<UserError>(() => Create([new string('n', 4097)]));
        Assert.Contains("more than 4096 bytes", error.Message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(directory.File("out")));
    }

    /// <summary>libarchive: the file systems' 64-bit inode numbers become small ones that differ, the same for names of one file, and never 0.</summary>
    [Fact]
    public void Large_inode_numbers_become_distinct_ones()
    {
        const ulong beyond = 1UL << 32;
        byte[] archive = CreateOf(
            File("a", device: 1, inode: 5),
            File("b", device: 1, inode: 5 + beyond),
            File("c", device: 2, inode: 5),
            File("d", device: 1, inode: beyond),
            File("e", device: 1, inode: 5 + beyond),
            File("f", device: 1 + beyond, inode: 5),
            File("g", device: 1, inode: 0)
        );
        Dictionary<string, uint> inodes = Walk(archive).ToDictionary(at => Name(archive, at), at => (uint)Field(archive, at, InodeField));
        Assert.Equal(inodes["b"], inodes["e"]);
        inodes.Remove("e");
        Assert.Equal(inodes.Count, inodes.Values.Distinct().Count());
        inodes.Remove("TRAILER!!!");
        Assert.Equal(6, inodes.Count);
        Assert.DoesNotContain(0u, inodes.Values);
        Assert.Equal(
            [("a", 1u), ("b", 2u), ("e", 2u)],
            Walk(archive)
                .Where(at => Name(archive, at) is "a" or "b" or "e")
                .Select(at => (Name(archive, at), (uint)Field(archive, at, LinkCountField)))
        );
    }

    /// <summary>find_cpio_data() reads from the very beginning, stops at the first bad header, and warns when NULs make a name 18 bytes longer.</summary>
    [Fact]
    public void Microcode_among_aligned_files_is_found_before_anything_is_unpacked()
    {
        const string microcode = "kernel/x86/microcode/GenuineIntel.bin";
        directory.Write($"tree/{microcode}", new string('m', 9000));
        string[] others = [.. Enumerable.Range(0, 20).Select(index => $"a{index}")];
        foreach (string name in others)
        {
            directory.Write($"tree/{name}", new string('x', 5000));
        }
        byte[] archive = Create(["kernel", "kernel/x86", "kernel/x86/microcode", .. others, microcode], alignment: 4096);
        Assert.Equal(9000, EarlyCpio.Find(archive, microcode)?.Length);
        // The names of the others are padded, so that the bound would be met.
        Assert.Contains(Walk(archive), at => Field(archive, at, NameSizeField) > 1000);
        Assert.Null(EarlyCpio.Find([.. "junk"u8, .. archive], microcode));
    }

    /// <summary>busybox takes NULs between entries for the end: gaps are only inside of names.</summary>
    [Fact]
    public void An_aligned_archive_has_no_NULs_between_its_entries()
    {
        int[] sizes = [0, 1, 4095, 4096, 4097, 8000, 100_000];
        foreach (int size in sizes)
        {
            directory.Write($"tree/f{size}", new string('x', size));
        }
        byte[] archive = Create([.. sizes.Select(size => $"f{size}")], alignment: 4096);
        string[] names = [.. Walk(archive).Select(at => Name(archive, at))];
        Assert.Equal("TRAILER!!!", names[^1]);
        Assert.Equal(sizes.Select(size => $"f{size}").Order(StringComparer.Ordinal), names[..^1].Order(StringComparer.Ordinal));
    }

    /// <summary>Where headers are when one follows another as close as the format has it; ends with the trailer's.</summary>
    private static IEnumerable<int> Walk(byte[] archive)
    {
        for (int at = 0; ; )
        {
            Assert.Equal("070701", Encoding.ASCII.GetString(archive, at, 6));
            yield return at;
            if (Name(archive, at) == "TRAILER!!!")
            {
                yield break;
            }
            int data = Aligned(at + HeaderLength + (int)Field(archive, at, NameSizeField));
            at = Aligned(data + (int)Field(archive, at, SizeField));
        }
    }

    private static string Name(byte[] archive, int at)
    {
        ReadOnlySpan<byte> rest = archive.AsSpan(at + HeaderLength);
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private static long Field(byte[] archive, int at, int field) =>
        long.Parse(Encoding.ASCII.GetString(archive, at + field, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static int Aligned(int position) => (position + 3) & -4;

    private static CpioSource File(string path, ulong device, ulong inode) =>
        new(SampleTree.File(path, 0))
        {
            Status = new FileStatus
            {
                Mode = FileStatus.TypeFile,
                Device = device,
                Inode = inode,
                Links = 2,
            },
        };

    private static Dictionary<string, TreeEntry> Entries(byte[] archive) =>
        CpioReaderTests.Entries(archive).ToDictionary(entry => entry.Path.ToString());

    private byte[] Bytes(string name) => Encoding.UTF8.GetBytes(directory.File($"tree/{name}"));

    private byte[] CreateOf(params CpioSource[] sources)
    {
        CpioCreation.Create(
            sources,
            directory.File("out"),
            new CpioWriting { Alignment = 0 },
            cancellation: TestContext.Current.CancellationToken
        );
        return System.IO.File.ReadAllBytes(directory.File("out"));
    }

    private byte[] Create(string[] names, int alignment = 0)
    {
        CpioRequest request = new()
        {
            Names = CpioNames.Parse(Encoding.UTF8.GetBytes(string.Join('\n', names)), (byte)'\n'),
            Directory = directory.File("tree"),
            Output = directory.File("out"),
            Alignment = alignment,
        };
        CpioCreation.Create(request, TestContext.Current.CancellationToken);
        return System.IO.File.ReadAllBytes(request.Output);
    }
}
