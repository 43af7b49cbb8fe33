using System.IO.Compression;
using System.Text;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;

namespace Rootcast.Tests;

public class InitrdReaderTests
{
    private static readonly byte[] Early = CpioBytes.Join(CpioBytes.Entry("early"), CpioBytes.Trailer);
    private static readonly byte[] Late = CpioBytes.Join(CpioBytes.Entry("late", data: "data"), CpioBytes.Trailer);

    [Fact]
    public void BareAndCompressedMembersFollowEachOtherInAnyOrder()
    {
        byte[] packed = Gzip(Late);
        byte[] initrd = CpioBytes.Join(
            Early,
            new byte[100],
            packed,
            new byte[3],
            packed,
            packed,
            new byte[4 - packed.Length * 3 % 4 + 1],
            Early
        );
        // The last archive must start at a multiple of 4.
        initrd = initrd[..^Early.Length];
        initrd = CpioBytes.Join(initrd, new byte[-initrd.Length & 3], Early);
        using InitrdReader reader = new(new PipeLikeStream(initrd));
        Assert.Equal(["early", "late", "late", "late", "early"], Names(reader));
        Assert.Equal(
            [
                (0, InitrdCompression.None),
                (Early.Length + 100, InitrdCompression.Gzip),
                (Early.Length + 103 + packed.Length, InitrdCompression.Gzip),
                (Early.Length + 103 + 2 * packed.Length, InitrdCompression.Gzip),
                (initrd.Length - Early.Length, InitrdCompression.None),
            ],
            reader.Members.Select(member => ((int)member.Offset, member.Compression))
        );
        Assert.Empty(reader.Problems);
    }

    /// <summary>buffer-format.rst: NULs come before everything, behind everything and inside of members; an archive need not have a trailer.</summary>
    [Fact]
    public void NulsComeAnywhereAndTrailersMayBeMissing()
    {
        byte[] packed = Gzip(CpioBytes.Join(new byte[8], CpioBytes.Entry("in"), new byte[4], CpioBytes.Trailer, new byte[9]));
        byte[] beginning = CpioBytes.Join(new byte[1], packed, new byte[1]);
        byte[] initrd = CpioBytes.Join(
            beginning,
            new byte[-beginning.Length & 3],
            CpioBytes.Entry("open"),
            Gzip(CpioBytes.Entry("open-in")),
            packed,
            new byte[7]
        );
        using InitrdReader reader = new(new PipeLikeStream(initrd));
        Assert.Equal(["in", "open", "open-in", "in"], Names(reader));
        Assert.Equal([CpioReader.WithoutTrailer, CpioReader.WithoutTrailer], reader.Problems.Select(problem => problem.Reason));
    }

    /// <summary>buffer-format.rst: inode numbers mean something up to a trailer, in whichever member it stands.</summary>
    [Fact]
    public void LinksEndWithTheirArchive()
    {
        byte[] archive = CpioBytes.Join(
            CpioBytes.Entry("a", data: "one", inode: 7, links: 2),
            CpioBytes.Entry("b", inode: 7, links: 2),
            CpioBytes.Trailer
        );
        using InitrdReader reader = new(new PipeLikeStream(CpioBytes.Join(archive, archive, Gzip(CpioBytes.Join(archive, archive)))));
        List<NodeKind> kinds = [];
        while (reader.Next() is { } entry)
        {
            kinds.Add(entry.Kind);
        }
        Assert.Equal(Enumerable.Repeat<NodeKind[]>([NodeKind.File, NodeKind.HardLink], 4).SelectMany(pair => pair), kinds);
    }

    /// <summary>dracut-cpio's empty list: a trailer alone is an archive, NULs alone are none.</summary>
    [Fact]
    public void ATrailerAloneIsAnArchive()
    {
        using InitrdReader reader = new(new MemoryStream(CpioBytes.Trailer));
        Assert.Null(reader.Next());
        Assert.Empty(reader.Problems);
        Assert.False(reader.FoundNothing);
    }

    [Fact]
    public void GzipOfAnySizeEndsExactlyWhereItEnds()
    {
        for (int size = 0; size < 40_000; size += 1777)
        {
            byte[] large = CpioBytes.Join(
                CpioBytes.Entry("large", data: Encoding.Latin1.GetString(SampleTree.Bytes(size))),
                CpioBytes.Trailer
            );
            using InitrdReader reader = new(new PipeLikeStream(CpioBytes.Join(Gzip(large), Gzip(Late))));
            Assert.Equal(["large", "late"], Names(reader));
        }
    }

    [Fact]
    public void GzipHeadersWithNamesAndMoreAreRead()
    {
        byte[] packed = Gzip(Late);
        byte[] withAll = [.. packed[..3], 0x1f, .. packed[4..10], 3, 0, 1, 2, 3, .. "name\0comment\0"u8, 9, 9, .. packed[10..]];
        using InitrdReader reader = new(new MemoryStream(withAll));
        Assert.Equal(["late"], Names(reader));
    }

    [Fact]
    public void DamagedGzipIsRefused()
    {
        byte[] packed = Gzip(
            CpioBytes.Join(CpioBytes.Entry("x", data: Encoding.Latin1.GetString(SampleTree.Bytes(3000))), CpioBytes.Trailer)
        );
        foreach (int at in new[] { 2, 3, 200, packed.Length - 1, packed.Length - 6 })
        {
            byte[] damaged = [.. packed];
            damaged[at] ^= 0xf0;
            using InitrdReader reader = new(new MemoryStream(damaged));
            Assert.Throws<InvalidDataException>(() => Names(reader));
        }
        for (int length = 2; length < packed.Length; length += 97)
        {
            using InitrdReader reader = new(new MemoryStream(packed[..length]));
            Exception? error = Record.Exception(() => Names(reader));
            Assert.True(error is InvalidDataException or EndOfStreamException, $"{length}: {error}");
        }
    }

    [Theory]
    [InlineData(InitrdCompression.Bzip2, new byte[] { 0x42, 0x5a })]
    [InlineData(InitrdCompression.Lzma, new byte[] { 0x5d, 0x00 })]
    [InlineData(InitrdCompression.Xz, new byte[] { 0xfd, 0x37 })]
    [InlineData(InitrdCompression.Lzo, new byte[] { 0x89, 0x4c })]
    [InlineData(InitrdCompression.Lz4Legacy, new byte[] { 0x02, 0x21 })]
    [InlineData(InitrdCompression.Zstd, new byte[] { 0x28, 0xb5 })]
    public void AMemberThatNobodyCanOpenIsReportedWithItsOffset(InitrdCompression compression, byte[] magic)
    {
        using InitrdReader reader = new(new MemoryStream(CpioBytes.Join(Early, magic, new byte[50])));
        Assert.Equal(["early"], Names(reader));
        Assert.Equal(new InitrdMember(Early.Length, compression, Opened: false), reader.Members[1]);
        Assert.Equal(Early.Length, Assert.Single(reader.Problems).Offset);
    }

    [Fact]
    public void ADecompressorGivesBackWhatItReadTooMuch()
    {
        // "Compressed" by a magic and a length.
        byte[] member = [0xfd, 0x37, (byte)Late.Length, .. Late];
        using InitrdReader reader = new(new MemoryStream(CpioBytes.Join(Early, member, member, new byte[2], member)), Open);
        Assert.Equal(["early", "late", "late", "late"], Names(reader));

        static MemoryStream Open(InitrdCompression compression, Stream compressed)
        {
            Assert.Equal(InitrdCompression.Xz, compression);
            byte[] bytes = new byte[1000];
            int read = compressed.Read(bytes);
            int length = bytes[2];
            compressed.Seek(3 + length - read, SeekOrigin.Current);
            return new MemoryStream(bytes, 3, length);
        }
    }

    [Fact]
    public void ADecompressorThatUsesNothingIsRefused()
    {
        using InitrdReader reader = new(new MemoryStream([0xfd, 0x37, 0, 0]), (_, _) => new MemoryStream(Late));
        Assert.Contains("used nothing", Assert.Throws<InvalidDataException>(() => Names(reader)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lz4MembersEndWhereNoBlockFollows()
    {
        byte[] member = [0x02, 0x21, 0x4c, 0x18, 3, 0, 0, 0, 1, 2, 3, 2, 0, 0, 0, 4, 5];
        List<byte[]> members = Handed(InitrdCompression.Lz4Legacy, CpioBytes.Join(member, new byte[7], Early, member));
        Assert.Equal([member, member], members);
    }

    [Fact]
    public void LzopMembersEndWithTheirBlocks()
    {
        // A long header with an extra field, a block with both sums and a stored one with one; an old header with a filter. By lib/decompress_unlzo.c.
        byte[] magic = [0x89, 0x4c, 0x5a, 0x4f, 0, 0x0d, 0x0a, 0x1a, 0x0a];
        byte[] header = [.. magic, 0x10, 0x40, 0x20, 0xa0, 0x09, 0x40, 1, 5, 0, 0, 0, 0x43, .. new byte[12], 3, .. "abc"u8, 1, 2, 3, 4];
        byte[] extra = [0, 0, 0, 2, 7, 7, 1, 2, 3, 4];
        byte[] packed = [0, 0, 0, 9, 0, 0, 0, 3, 1, 1, 1, 1, 2, 2, 2, 2, 5, 5, 5];
        byte[] stored = [0, 0, 0, 2, 0, 0, 0, 2, 1, 1, 1, 1, 5, 5];
        byte[] first = [.. header, .. extra, .. packed, .. stored, 0, 0, 0, 0];
        byte[] second = [.. magic, 0x09, 0x30, 0x20, 0xa0, 1, 0, 0, 0x0b, 0, .. new byte[12], 0, 1, 2, 3, 4, .. packed, 0, 0, 0, 0];
        Assert.Equal([first, second, first], Handed(InitrdCompression.Lzo, CpioBytes.Join(first, second, new byte[3], first)));
    }

    [Theory]
    [InlineData(InitrdCompression.Bzip2, new byte[] { 0x42, 0x5a })]
    [InlineData(InitrdCompression.Lzma, new byte[] { 0x5d, 0x00 })]
    public void MembersWithoutAVisibleEndGoUpToTheNextHeader(InitrdCompression compression, byte[] magic)
    {
        byte[] noHex = CpioBytes.Entry("early");
        noHex[109] = (byte)'g';
        // Neither a header out of step nor one that is none ends it.
        byte[] member = CpioBytes.Join(magic, [9], Early, new byte[1], noHex, "070701"u8.ToArray(), new byte[6000]);
        member = CpioBytes.Join(member, new byte[-member.Length & 3]);
        Assert.Equal([member, member], Handed(compression, CpioBytes.Join(Early, member, Early, member)));
    }

    [Fact]
    public void ZstdMembersEndWithTheirFrame()
    {
        // One frame of a raw block, a run-length block and a sum; one with a window byte and an eight-byte length; read by RFC 8878.
        byte[] first = [0x28, 0xb5, 0x2f, 0xfd, 0x24, 7, 0x18, 0, 0, 1, 2, 3, 0x23, 0, 0, 9, 0xaa, 0xbb, 0xcc, 0xdd];
        byte[] second = [0x28, 0xb5, 0x2f, 0xfd, 0xc0, 0x58, 1, 0, 0, 0, 0, 0, 0, 0, 0x09, 0, 0, 0xee];
        Assert.Equal([first, second], Handed(InitrdCompression.Zstd, CpioBytes.Join(first, second, new byte[2], Early)));
    }

    [Fact]
    public void UnknownBytesAreRefusedWithTheirOffset()
    {
        using InitrdReader reader = new(new MemoryStream(CpioBytes.Join(Early, "hello"u8.ToArray())));
        Assert.Contains(
            $"at byte {Early.Length}",
            Assert.Throws<InvalidDataException>(() => Names(reader)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void JunkInsideACompressedMemberIsRefused()
    {
        using InitrdReader reader = new(new MemoryStream(Gzip(CpioBytes.Join(Late, Gzip(Late)))));
        Assert.Throws<InvalidDataException>(() => Names(reader));
    }

    [Fact]
    public void AnEmptyInitrdIsReported()
    {
        using InitrdReader reader = new(new MemoryStream(new byte[1024]));
        Assert.Null(reader.Next());
        Assert.Single(reader.Problems);
    }

    [Fact]
    public void ADumpShowsMembersEntriesAndProblems()
    {
        byte[] initrd = CpioBytes.Join(
            CpioBytes.Entry("kernel/x86/microcode/GenuineIntel.bin", data: "microcode"),
            CpioBytes.Trailer,
            new byte[12],
            [0x02, 0x21, 0x4c, 0x18, 0, 0, 0, 0],
            [0x28, 0xb5, 0x2f, 0xfd]
        );
        byte[] unpacked = CpioBytes.Join(CpioWriterTests.WriteSample(), CpioBytes.Entry("d", CpioBytes.DirectoryMode, "data"));
        StringWriter text = new() { NewLine = "\n" };
        InitrdDump.Write(
            new MemoryStream(initrd),
            text,
            (compression, _) => compression == InitrdCompression.Lz4Legacy ? new MemoryStream(unpacked) : null
        );
        Golden.Assert("initrd-dump.txt", text.ToString());
    }

    internal static byte[] Gzip(byte[] bytes)
    {
        MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }
        return packed.ToArray();
    }

    private static List<byte[]> Handed(InitrdCompression compression, byte[] initrd)
    {
        List<byte[]> members = [];
        using InitrdReader reader = new(
            new PipeLikeStream(initrd),
            (kind, compressed) =>
            {
                Assert.Equal(compression, kind);
                MemoryStream all = new();
                compressed.CopyTo(all);
                members.Add(all.ToArray());
                return new MemoryStream(Late);
            }
        );
        Assert.Contains("late", Names(reader));
        return members;
    }

    private static List<string> Names(InitrdReader reader)
    {
        List<string> names = [];
        while (reader.Next() is { } entry)
        {
            names.Add(entry.Path.ToString());
        }
        return names;
    }
}
