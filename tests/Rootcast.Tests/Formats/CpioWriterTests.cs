using System.Text;
using Rootcast.Formats;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;

namespace Rootcast.Tests;

public class CpioWriterTests
{
    [Fact]
    public void AnArchiveOfNothingIsATrailer()
    {
        byte[] archive = Written(_ => { }, 4);
        Assert.Equal(124, archive.Length);
        Assert.Equal("0000000B" + "00000000" + "TRAILER!!!\0\0\0\0", Encoding.ASCII.GetString(archive[94..]));
        Assert.Empty(CpioReaderTests.Entries(archive));
    }

    [Fact]
    public void FieldsAndPadsStandWhereTheyShould()
    {
        byte[] archive = Written(writer =>
        {
            writer.Write(SampleTree.File("file", 5) with { Uid = 10, Gid = 11, ModifiedSeconds = 12 }, "hello"u8);
            writer.Write(SampleTree.Entry("dir", NodeKind.Directory, 0x1ed));
            writer.Write(SampleTree.Entry("link", NodeKind.Symlink, 0x1ff) with { Target = UnixPath.From("file") });
        });
        string text = Encoding.Latin1.GetString(archive);
        Assert.Equal("070701" + "00000001" + "000081A4" + "0000000A" + "0000000B" + "00000001" + "0000000C" + "00000005", text[..62]);
        Assert.Equal(new string('0', 32) + "00000005" + "00000000" + "file\0\0hello\0\0\0", text[62..124]);
        Assert.Equal("070701" + "00000002" + "000041ED", text[124..146]);
        Assert.Equal("00000002", text[162..170]);
        Assert.Equal("00000000", text[178..186]);
        Assert.Equal("dir\0\0\0", text[234..240]);
        Assert.Equal("070701" + "00000003" + "0000A1FF", text[240..262]);
        Assert.Equal("00000004", text[294..302]);
        Assert.Equal("link\0\0file", text[350..360]);
        Assert.Equal("070701" + "00000000" + "00000000", text[360..382]);
        Assert.Equal("TRAILER!!!\0", text[470..481]);
        Assert.Equal(512, archive.Length);
    }

    [Fact]
    public void EverythingThatTheFormatHoldsComesBack()
    {
        byte[] archive = WriteSample();
        CpioReader reader = new(new PipeLikeStream(archive));
        foreach ((TreeEntry expected, byte[] data, _) in Sample())
        {
            TreeEntry entry = reader.Next()!;
            SampleTree.AssertSame(expected, entry);
            Assert.Equal(Encoding.Latin1.GetString(data), CpioReaderTests.Text(reader));
        }
        Assert.Null(reader.Next());
        Assert.Empty(reader.Problems);
        Assert.Equal(archive, WriteSample());
    }

    [Fact]
    public void AllNameAndSizeRemaindersComeBack()
    {
        byte[] archive = Written(writer =>
        {
            for (int name = 1; name < 12; name++)
            {
                for (int size = 0; size < 9; size++)
                {
                    writer.Write(
                        SampleTree.File(new string((char)('a' + size), name), size),
                        Encoding.ASCII.GetBytes(new string('x', size))
                    );
                }
            }
        });
        CpioReader reader = new(new MemoryStream(archive));
        for (int name = 1; name < 12; name++)
        {
            for (int size = 0; size < 9; size++)
            {
                Assert.Equal(new string((char)('a' + size), name), reader.Next()!.Path.ToString());
                Assert.Equal(new string('x', size), CpioReaderTests.Text(reader));
            }
        }
    }

    [Theory]
    [InlineData(32)]
    [InlineData(512)]
    [InlineData(4096)]
    public void DataIsAlignedByNulsInTheName(int alignment)
    {
        MemoryStream stream = new();
        CpioWriter writer = new(stream, 1236);
        for (int index = 0; index < 50; index++)
        {
            TreeEntry entry = SampleTree.File($"directory/file{index}", 100 + index);
            bool can = writer.CanAlign(entry.Path, alignment);
            long start = writer.Begin(entry, alignment);
            Assert.Equal(can, start % alignment == 0);
            Assert.True(can || alignment == 4096);
            writer.WriteData(new byte[100 + index]);
            writer.End();
        }
        writer.Finish();
        Assert.Equal(50, CpioReaderTests.Entries(stream.ToArray()).Count);
    }

    [Theory]
    // 60 bytes of name and 4036 more NULs are what the kernel reads at most; four bytes earlier in the archive one more word is needed.
    [InlineData(3984, 8192)]
    [InlineData(3980, 4152)]
    public void APaddedNameNeverGoesOver4096Bytes(long position, long expected)
    {
        CpioWriter writer = new(new MemoryStream(), position);
        TreeEntry entry = SampleTree.File(new string('n', 59), 1);
        Assert.Equal(expected % 4096 == 0, writer.CanAlign(entry.Path, 4096));
        Assert.Equal(expected, writer.Begin(entry, 4096));
    }

    [Theory]
    [InlineData(-4)]
    [InlineData(2)]
    [InlineData(510)]
    public void AnAlignmentThatIsNoMultipleOfFourIsRefused(int alignment)
    {
        CpioWriter writer = new(new MemoryStream());
        Assert.Throws<ArgumentException>(() => writer.Begin(SampleTree.File("a", 1), alignment));
        Assert.Throws<ArgumentException>(() => new CpioWriter(new MemoryStream(), 2));
    }

    [Fact]
    public void WhatHasNoDataIsNotAligned()
    {
        CpioWriter writer = new(new MemoryStream());
        Assert.Equal(112, writer.Begin(SampleTree.File("a", 0), 4096));
    }

    [Fact]
    public void DataPlacedBySomeoneElseIsSteppedOver()
    {
        MemoryStream stream = new();
        stream.Write("head"u8);
        CpioWriter writer = new(stream, 4);
        writer.Write(SampleTree.File("before", 3), "abc"u8);
        long start = writer.Begin(SampleTree.File("shared", 5000), 512);
        writer.Flush();
        Assert.Equal(start, stream.Position);
        byte[] data = SampleTree.Bytes(5000);
        stream.SetLength(start + 4096);
        data[..4096].CopyTo(stream.GetBuffer(), start);
        writer.Advance(4096);
        writer.WriteData(data.AsSpan(4096));
        writer.End();
        writer.Write(SampleTree.File("after", 3), "def"u8);
        writer.Finish();
        CpioReader reader = new(new MemoryStream(stream.ToArray()[4..]));
        Assert.Equal("before", reader.Next()!.Path.ToString());
        Assert.Equal("shared", reader.Next()!.Path.ToString());
        Assert.Equal(start - 4, reader.DataOffset);
        Assert.Equal(Encoding.Latin1.GetString(data), CpioReaderTests.Text(reader));
        Assert.Equal("after", reader.Next()!.Path.ToString());
    }

    [Fact]
    public void AFileOf4GiBIsRefusedBeforeAnythingIsWritten()
    {
        CpioWriter writer = new(new MemoryStream());
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => writer.Begin(SampleTree.File("big", 1L << 32)));
        Assert.Contains("big: it has 4294967296 bytes", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, writer.Position);
        writer.Begin(SampleTree.File("just", uint.MaxValue));
    }

    [Fact]
    public void WhatTheKernelWouldPassOverIsRefused()
    {
        CpioWriter writer = new(new MemoryStream());
        writer.Write(SampleTree.File(new string('n', 4095), 0));
        Assert.Throws<InvalidDataException>(() => writer.Begin(SampleTree.File(new string('n', 4096), 0)));
        Assert.Throws<InvalidDataException>(() => writer.Begin(SampleTree.File("TRAILER!!!", 0)));
        Assert.Throws<InvalidDataException>(() => writer.Begin(SampleTree.Entry("l", NodeKind.Symlink, 0)));
        Assert.Throws<InvalidDataException>(() =>
            writer.Begin(SampleTree.Entry("l", NodeKind.Symlink, 0) with { Target = UnixPath.From(new string('t', 4096)) })
        );
        Assert.Throws<InvalidDataException>(() => writer.Begin(SampleTree.File("t", 0) with { ModifiedSeconds = -1 }));
        Assert.Throws<InvalidDataException>(() =>
            writer.Begin(SampleTree.Entry("h", NodeKind.HardLink, 0) with { Target = UnixPath.From("nowhere") })
        );
    }

    [Fact]
    public void AttributesAreCountedBecauseTheyAreLost()
    {
        CpioWriter writer = new(new MemoryStream());
        writer.Write(SampleTree.File("f", 0) with { Attributes = [new ExtendedAttribute("user.a", default)] });
        Assert.Equal(1, writer.AttributesLeftOut);
    }

    /// <summary>The sample tree cut to what cpio holds, and how many names each file has.</summary>
    internal static List<(TreeEntry Entry, byte[] Data, int Links)> Sample() =>
        SampleTree
            .Entries.Where(sample => sample.Entry.DataRanges is null && sample.Entry.ModifiedSeconds is >= 0 and <= uint.MaxValue)
            .Select(sample =>
                (
                    sample.Entry with
                    {
                        Attributes = [],
                        ModifiedNanoseconds = 0,
                    },
                    sample.Data,
                    sample.Entry.Path == UnixPath.From("setuid") ? 2 : 1
                )
            )
            .Append((SampleTree.Entry("socket", NodeKind.Socket, 0x1ff), [], 1))
            .ToList();

    internal static byte[] WriteSample() =>
        Written(writer =>
        {
            foreach ((TreeEntry entry, byte[] data, int links) in Sample())
            {
                writer.Write(entry, data, 32, links);
            }
        });

    internal static byte[] Written(Action<CpioWriter> write, int alignment = 512)
    {
        MemoryStream stream = new();
        CpioWriter writer = new(stream);
        write(writer);
        writer.Finish(alignment);
        return stream.ToArray();
    }
}
