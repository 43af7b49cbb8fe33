using System.Text;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;

namespace Rootcast.Tests;

/// <summary>What the kernel does with an archive, and what it says (init/initramfs.c and its own tests; the other projects' cases are named in CASES).</summary>
public class CpioReaderTests
{
    [Fact]
    public void OwnersModeAndTimeAreRead()
    {
        TreeEntry entry = Entries(CpioBytes.Entry("f", 0x8ded, "abc", mtime: 1_700_000_000), CpioBytes.Trailer).Single();
        Assert.Equal(
            SampleTree.File("f", 3) with
            {
                Mode = 0xded,
                Uid = 1,
                Gid = 2,
                ModifiedSeconds = 1_700_000_000,
                Attributes = entry.Attributes,
            },
            entry
        );
    }

    [Theory]
    [InlineData(0x41edu, NodeKind.Directory)]
    [InlineData(0x21b6u, NodeKind.CharacterDevice)]
    [InlineData(0x61b6u, NodeKind.BlockDevice)]
    [InlineData(0x11b6u, NodeKind.Fifo)]
    [InlineData(0xc1b6u, NodeKind.Socket)]
    public void EveryKindIsKnown(uint mode, NodeKind kind)
    {
        TreeEntry entry = Entries(CpioBytes.Entry("n", mode), CpioBytes.Trailer).Single();
        bool device = kind is NodeKind.CharacterDevice or NodeKind.BlockDevice;
        Assert.Equal((kind, device ? 4u : 0, device ? 64u : 0), (entry.Kind, entry.DeviceMajor, entry.DeviceMinor));
    }

    [Fact]
    public void ANameWithoutItsNulIsAnError() =>
        Refused("does not end with a NUL", CpioBytes.Entry("file", nameSize: 4), CpioBytes.Trailer);

    [Fact]
    public void ANamePaddedWithNulsIsReadBackWithoutThem()
    {
        CpioReader reader = Reader(CpioBytes.Entry("file", data: "abcd", nameSize: 4096 - 110), CpioBytes.Trailer);
        Assert.Equal("file", reader.Next()!.Path.ToString());
        Assert.Equal(4096, reader.DataOffset);
        Assert.Equal("abcd", Text(reader));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4097)]
    [InlineData(5000)]
    public void AnEntryWhoseNameTheKernelDoesNotReadIsPassedOverAndReported(int nameSize)
    {
        CpioReader reader = Reader(CpioBytes.Entry("x", data: "abc", nameSize: nameSize), CpioBytes.Entry("next"), CpioBytes.Trailer);
        Assert.Equal("next", reader.Next()!.Path.ToString());
        Assert.Null(reader.Next());
        ArchiveProblem problem = Assert.Single(reader.Problems);
        Assert.Equal(0, problem.Offset);
        Assert.Contains($"its name has {nameSize} bytes", problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ANameOf4096BytesIsRead() =>
        Assert.Equal(4095, Entries(CpioBytes.Entry(new string('n', 4095)), CpioBytes.Trailer).Single().Path.Bytes.Length);

    [Fact]
    public void DataOfWhatIsNoFileIsPassedOverAndReported()
    {
        CpioReader reader = Reader(
            CpioBytes.Entry("d", CpioBytes.DirectoryMode, "data"),
            CpioBytes.Entry("l", CpioBytes.SymlinkMode, new string('t', 4097)),
            CpioBytes.Entry("l", CpioBytes.SymlinkMode),
            CpioBytes.Entry("u", 0xf1ff),
            CpioBytes.Entry(""),
            CpioBytes.Entry("next"),
            CpioBytes.Trailer
        );
        Assert.Equal("next", reader.Next()!.Path.ToString());
        Assert.Equal(5, reader.Problems.Count);
    }

    [Fact]
    public void ASumThatIsRightIsTaken()
    {
        CpioReader reader = Reader(
            CpioBytes.Entry("f", data: "abc\u00ff", magic: "070702", check: CpioBytes.Sum("abc\u00ff")),
            CpioBytes.Trailer
        );
        reader.Next();
        Assert.Equal("abc\u00ff", Text(reader));
        Assert.Null(reader.Next());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ASumThatIsWrongStopsAtItsFile(bool read)
    {
        CpioReader reader = Reader(
            CpioBytes.Entry("first", data: "abc", magic: "070702", check: CpioBytes.Sum("abc")),
            CpioBytes.Entry("second", data: "abc", magic: "070702", check: CpioBytes.Sum("abd")),
            CpioBytes.Trailer
        );
        Assert.Equal("first", reader.Next()!.Path.ToString());
        Assert.Equal("second", reader.Next()!.Path.ToString());
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => read ? Text(reader) : reader.Next()!.Path.ToString());
        Assert.Contains("the sum of the data is 00000126, the header says 00000127", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASumIn070701IsIgnored()
    {
        CpioReader reader = Reader(CpioBytes.Entry("f", data: "abc", check: 99), CpioBytes.Trailer);
        reader.Next();
        Assert.Equal("abc", Text(reader));
        Assert.Null(reader.Next());
    }

    [Fact]
    public void HardLinksMayHaveTheirDataWithAnyName()
    {
        for (int with = 0; with < 3; with++)
        {
            byte[][] parts =
            [
                .. Enumerable
                    .Range(0, 3)
                    .Select(index => CpioBytes.Entry($"n{index}", data: index == with ? "data" : "", inode: 7, links: 3)),
                CpioBytes.Trailer,
            ];
            CpioReader reader = Reader(parts);
            for (int index = 0; index < 3; index++)
            {
                TreeEntry entry = reader.Next()!;
                Assert.Equal((index == 0 ? NodeKind.File : NodeKind.HardLink, index == with ? 4 : 0), (entry.Kind, entry.Size));
                Assert.Equal(index == 0 ? "" : "n0", entry.Target.ToString());
                Assert.Equal(index == with ? "data" : "", Text(reader));
            }
        }
    }

    [Fact]
    public void ATrailerResetsTheHardLinks()
    {
        byte[] name(string text) => CpioBytes.Entry(text, inode: 7, links: 2);
        Assert.Equal(
            [NodeKind.File, NodeKind.HardLink, NodeKind.File],
            Entries(name("a"), name("b"), CpioBytes.Trailer, name("c"), CpioBytes.Trailer).Select(entry => entry.Kind)
        );
    }

    [Fact]
    public void OneLinkOrAnotherTypeOrDeviceIsNoHardLink()
    {
        Assert.All(
            Entries(
                CpioBytes.Entry("a", inode: 7, links: 1),
                CpioBytes.Entry("b", inode: 7, links: 2),
                CpioBytes.Entry("c", 0x11b6, inode: 7, links: 2),
                CpioBytes.Entry("d", CpioBytes.DirectoryMode, inode: 8, links: 2),
                CpioBytes.Entry("e", CpioBytes.DirectoryMode, inode: 8, links: 2),
                CpioBytes.Entry("f", CpioBytes.SymlinkMode, "t", inode: 9, links: 2),
                CpioBytes.Entry("g", CpioBytes.SymlinkMode, "t", inode: 9, links: 2),
                CpioBytes.Trailer
            ),
            entry => Assert.NotEqual(NodeKind.HardLink, entry.Kind)
        );
    }

    [Fact]
    public void AThousandEntriesWithoutATrailerAreReadAndReported()
    {
        CpioReader reader = Reader(
            Enumerable.Range(0, 1000).Select(index => CpioBytes.Entry($"f{index}", data: new string('x', index % 9))).ToArray()
        );
        int count = 0;
        while (reader.Next() is not null)
        {
            count++;
        }
        Assert.Equal(1000, count);
        Assert.Contains("without a trailer", Assert.Single(reader.Problems).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void EmptyInputIsReported()
    {
        foreach (byte[] input in new[] { Array.Empty<byte>(), new byte[512] })
        {
            CpioReader reader = Reader(input);
            Assert.Null(reader.Next());
            Assert.Contains("no archive", Assert.Single(reader.Problems).Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void NulsMayStandBetweenArchivesAndEntries()
    {
        CpioReader reader = Reader(
            new byte[8],
            CpioBytes.Entry("a"),
            new byte[12],
            CpioBytes.Trailer,
            new byte[388],
            CpioBytes.Entry("b"),
            CpioBytes.Trailer
        );
        Assert.Equal("a", reader.Next()!.Path.ToString());
        Assert.Equal("b", reader.Next()!.Path.ToString());
        Assert.Null(reader.Next());
        Assert.Empty(reader.Problems);
        Assert.Equal(2, reader.ArchivesEnded);
    }

    [Fact]
    public void AnArchiveMustStartAtAMultipleOfFour() =>
        Refused(
            "no multiple of 4|multiple of 4",
            CpioBytes.Entry("a"),
            CpioBytes.Trailer,
            new byte[2],
            CpioBytes.Entry("b"),
            CpioBytes.Trailer
        );

    [Theory]
    [InlineData("370701", "neither a header nor NULs")]
    [InlineData("070707", "old portable format")]
    [InlineData("070703", "no cpio magic")]
    [InlineData("0x0701", "no cpio magic")]
    public void OtherMagicsAreRefused(string magic, string expected) => Refused(expected, CpioBytes.Entry("a", magic: magic));

    [Fact]
    public void EachFieldMustBeHexadecimal()
    {
        byte[] archive = CpioBytes.Join(CpioBytes.Entry("a"), CpioBytes.Trailer);
        for (int field = 0; field < 13; field++)
        {
            byte[] damaged = [.. archive];
            damaged[6 + field * 8 + field % 8] = (byte)(field % 2 == 0 ? 'g' : ' ');
            Refused($"field at its byte {6 + field * 8} is not hexadecimal", damaged);
        }
    }

    [Theory]
    [InlineData("./x", "x")]
    [InlineData("//x", "x")]
    [InlineData("/", "")]
    [InlineData(".", "")]
    [InlineData("a//b/", "a/b")]
    public void NamesAreNormalised(string written, string expected) =>
        Assert.Equal(expected, Entries(CpioBytes.Entry(written, CpioBytes.DirectoryMode), CpioBytes.Trailer).Single().Path.ToString());

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    public void NamesThatLeadOutAreRefused(string name) => Refused("component", CpioBytes.Entry(name), CpioBytes.Trailer);

    [Fact]
    public void AnArchiveCutAnywhereIsCutOrHasNoTrailer()
    {
        byte[] archive = CpioBytes.Join(
            CpioBytes.Entry("dir", CpioBytes.DirectoryMode),
            CpioBytes.Entry("dir/file", data: "some data"),
            CpioBytes.Entry("link", CpioBytes.SymlinkMode, "dir"),
            CpioBytes.Trailer
        );
        for (int length = 0; length < archive.Length; length++)
        {
            CpioReader reader = new(new PipeLikeStream(archive[..length]));
            try
            {
                while (reader.Next() is not null) { }
                Assert.NotEmpty(reader.Problems);
            }
            catch (EndOfStreamException error)
            {
                Assert.Contains("entry at byte", error.Message, StringComparison.Ordinal);
            }
        }
    }

    internal static List<TreeEntry> Entries(params byte[][] parts)
    {
        CpioReader reader = Reader(parts);
        List<TreeEntry> entries = [];
        while (reader.Next() is { } entry)
        {
            entries.Add(entry);
        }
        return entries;
    }

    internal static string Text(CpioReader reader)
    {
        StringBuilder text = new();
        while (reader.ReadData(out ReadOnlySpan<byte> bytes))
        {
            text.Append(Encoding.Latin1.GetString(bytes));
        }
        return text.ToString();
    }

    private static CpioReader Reader(params byte[][] parts) => new(new PipeLikeStream(CpioBytes.Join(parts)));

    private static void Refused(string expected, params byte[][] parts)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Entries(parts));
        Assert.Matches(expected, error.Message);
        Assert.Contains("entry at byte", error.Message, StringComparison.Ordinal);
    }
}
