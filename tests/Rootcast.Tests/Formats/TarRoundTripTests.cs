using Rootcast.Formats;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;

namespace Rootcast.Tests;

public class TarRoundTripTests
{
    [Fact]
    public void EverythingOfATreeComesBack()
    {
        byte[] archive = WriteSample();
        TarReader reader = new(new MemoryStream(archive), 4096);
        foreach ((TreeEntry expected, byte[] data) in SampleTree.Entries)
        {
            TreeEntry? entry = reader.Next();
            Assert.NotNull(entry);
            SampleTree.AssertSame(expected, entry);
            Assert.Equal(data, ReadData(reader));
        }
        Assert.Null(reader.Next());
        Assert.True(reader.EndMarkSeen);
        Assert.Equal(0, reader.ReadToEnd() - TarTests.Block);
    }

    [Fact]
    public void TheSameTreeGivesTheSameBytes() => Assert.Equal(WriteSample(), WriteSample());

    [Fact]
    public void PiecesOfASparseFileSayWhereTheyBelong()
    {
        TarReader reader = new(new MemoryStream(WriteSample()), 4096);
        while (reader.Next() is { } entry && entry.Path != UnixPath.From("sparse")) { }
        byte[] file = new byte[1 << 20];
        long counted = 0;
        while (reader.ReadData(out long offset, out ReadOnlySpan<byte> bytes))
        {
            bytes.CopyTo(file.AsSpan((int)offset));
            counted += bytes.Length;
        }
        Assert.Equal(8192 + 4096, counted);
        byte[] data = SampleTree.Bytes(8192 + 4096);
        Assert.Equal(data[..8192], file[4096..(4096 + 8192)]);
        Assert.Equal(data[8192..], file[65_536..(65_536 + 4096)]);
    }

    [Fact]
    public void DataThatIsNotReadIsPassedOver()
    {
        // Once with a stream that can seek and once with one that can't.
        byte[] archive = WriteSample();
        foreach (Stream stream in new Stream[] { new MemoryStream(archive), new PipeLikeStream(archive) })
        {
            TarReader reader = new(stream, 4096);
            Assert.Equal(SampleTree.Entries.Select(sample => sample.Entry.Path), TarTests.Entries(reader).Select(entry => entry.Path));
        }
    }

    [Fact]
    public void AnArchiveCutAnywhereIsCutOrHasNoEndMark()
    {
        byte[] archive = WriteSample();
        for (int length = 0; length < archive.Length - 2 * TarTests.Block; length += length < 40_000 ? 97 : 4001)
        {
            TarReader reader = new(new PipeLikeStream(archive[..length]), 4096);
            try
            {
                while (reader.Next() is not null) { }
                Assert.False(reader.EndMarkSeen);
            }
            catch (EndOfStreamException error)
            {
                Assert.Contains("at byte", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void AllNameLengthsComeBack()
    {
        MemoryStream stream = new();
        TarWriter writer = new(stream);
        List<TreeEntry> entries = [];
        for (int length = 1; length < 700; length += length is > 90 and < 110 or > 245 and < 265 ? 1 : 13)
        {
            // Once without a slash, once with slashes at awkward places.
            foreach (int slash in new[] { int.MaxValue, 100, 155, 37 })
            {
                byte[] name = new byte[length];
                for (int index = 0; index < length; index++)
                {
                    name[index] = (index + 1) % slash == 0 && index + 1 < length ? (byte)'/' : (byte)('a' + index % 26);
                }
                entries.Add(SampleTree.File("", 0) with { Path = new UnixPath(name) });
                entries.Add(SampleTree.Entry("", NodeKind.Directory, 0x1ed) with { Path = new UnixPath(name) });
                entries.Add(SampleTree.Entry("l", NodeKind.Symlink, 0x1ff) with { Target = new UnixPath(name) });
            }
        }
        entries.ForEach(writer.Write);
        writer.Finish();
        stream.Position = 0;
        List<TreeEntry> read = TarTests.Entries(new TarReader(stream));
        Assert.Equal(entries.Count, read.Count);
        for (int index = 0; index < entries.Count; index++)
        {
            SampleTree.AssertSame(entries[index], read[index]);
        }
    }

    [Fact]
    public void OnlyWhatDoesNotFitCostsAPaxHeader()
    {
        MemoryStream stream = new();
        TarWriter writer = new(stream);
        writer.Write(SampleTree.File("plain", 0) with { ModifiedSeconds = 1_700_000_000, Uid = 1000 });
        writer.Write(SampleTree.File(new string('d', 150) + "/" + new string('f', 100), 0));
        Assert.Equal(2 * TarTests.Block, writer.Position);
        writer.Write(SampleTree.File(new string('f', 101), 0));
        Assert.Equal(5 * TarTests.Block, writer.Position);
    }

    [Fact]
    public void WriterRefusesWhatTarCannotHold()
    {
        TarWriter writer = new(new MemoryStream());
        Assert.Contains(
            "socket",
            Assert.Throws<InvalidDataException>(() => writer.Write(SampleTree.Entry("s", NodeKind.Socket, 0))).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<InvalidDataException>(() =>
            writer.Write(SampleTree.File("", 0) with { Path = new UnixPath(new byte[] { 97, 0, 97 }) })
        );
        Assert.Throws<InvalidDataException>(() => writer.Write(SampleTree.File("x", 10) with { DataRanges = [new DataRange(8, 4)] }));
        Assert.Throws<InvalidDataException>(() =>
            writer.Write(SampleTree.File("x", 10) with { DataRanges = [new DataRange(4, 4), new DataRange(0, 4)] })
        );
        Assert.Throws<EndOfStreamException>(() => writer.Write(SampleTree.File("x", 10), new MemoryStream(new byte[9])));
    }

    [Fact]
    public void WriterCountsData()
    {
        TarWriter writer = new(new MemoryStream());
        writer.Begin(SampleTree.File("x", 10));
        writer.WriteData(new byte[4]);
        Assert.Throws<InvalidOperationException>(() => writer.Begin(SampleTree.File("y", 0)));
        Assert.Throws<InvalidOperationException>(writer.End);
        Assert.Throws<ArgumentException>(() => writer.WriteData(new byte[7]));
        writer.WriteData(new byte[6]);
        writer.End();
        Assert.Equal(2 * TarTests.Block, writer.Position);
    }

    [Fact]
    public void ASparseFileIsTakenOutOfTheWholeFile()
    {
        byte[] file = new byte[100_000];
        SampleTree.Bytes(5000).CopyTo(file, 20_000);
        MemoryStream stream = new();
        TarWriter writer = new(stream);
        writer.Write(SampleTree.File("s", file.Length) with { DataRanges = [new DataRange(20_000, 5000)] }, new MemoryStream(file));
        writer.Finish();
        stream.Position = 0;
        TarReader reader = new(stream);
        Assert.Equal([new DataRange(20_000, 5000)], reader.Next()!.DataRanges);
        Assert.Equal(SampleTree.Bytes(5000), ReadData(reader));
    }

    internal static byte[] WriteSample()
    {
        MemoryStream stream = new();
        TarWriter writer = new(stream);
        foreach ((TreeEntry entry, byte[] data) in SampleTree.Entries)
        {
            writer.Write(entry, data);
        }
        writer.Finish();
        return stream.ToArray();
    }

    internal static byte[] ReadData(TarReader reader)
    {
        MemoryStream data = new();
        while (reader.ReadData(out _, out ReadOnlySpan<byte> bytes))
        {
            data.Write(bytes);
        }
        return data.ToArray();
    }
}
