using System.Text;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;

namespace Rootcast.Tests;

/// <summary>Archives made by hand, for what our own writer never writes.</summary>
public class TarTests
{
    internal const int Block = 512;

    [Fact]
    public void EmptyInputIsAnArchiveWithoutEndMark()
    {
        TarReader reader = new(new MemoryStream());
        Assert.Null(reader.Next());
        Assert.False(reader.EndMarkSeen);
    }

    [Theory]
    [InlineData("./a/b", "a/b")]
    [InlineData("/a//b/./c", "a/b/c")]
    [InlineData("./", "")]
    [InlineData("/", "")]
    [InlineData("a..b/..c", "a..b/..c")]
    public void NamesAreNormalised(string written, string expected) =>
        Assert.Equal(expected, Entries(Reader(Header(written, '0'))).Single().Path.ToString());

    [Theory]
    [InlineData("..")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("a/..")]
    public void NamesThatLeadOutAreRefused(string name) => Refused("\"..\" component", Header(name, '0'));

    [Fact]
    public void AHardLinkThatLeadsOutIsRefused() => Refused("link target", Header("a", '1', link: "../../etc/passwd"));

    [Fact]
    public void ASymlinkKeepsItsTargetAsItIs() =>
        Assert.Equal("../..//x/", Entries(Reader(Header("a", '2', link: "../..//x/"))).Single().Target.ToString());

    [Fact]
    public void AnOldFileWhoseNameEndsInASlashIsADirectory()
    {
        Assert.Equal(NodeKind.Directory, Entries(Reader(Header("d/", '\0'))).Single().Kind);
        Assert.Equal(NodeKind.File, Entries(Reader(Header("d", '\0'))).Single().Kind);
        Assert.Equal(NodeKind.File, Entries(Reader(Header("d", '7'))).Single().Kind);
    }

    [Fact]
    public void AnUnknownTypeIsRefused() => Refused("unknown type 0x51", Header("a", 'Q'));

    [Fact]
    public void AWrongChecksumIsRefusedWithItsOffset()
    {
        byte[] second = Header("b", '0');
        second[0] ^= 1;
        Assert.Contains("entry at byte 512", Refused("checksum", Header("a", '0'), second).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASignedChecksumIsTaken()
    {
        byte[] header = Header("\u00e9", '0');
        int sum = header[148..156].Sum(own => ' ' - (sbyte)own) + header.Sum(each => (sbyte)each);
        Put(header, 148, 8, Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 "));
        Assert.Single(Entries(Reader(header)));
    }

    [Fact]
    public void Base256NumbersAreRead()
    {
        byte[] header = Header("a", '3');
        Put(header, 108, 8, [0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xfe]);
        Put(header, 136, 12, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe]);
        TreeEntry entry = Entries(Reader(Seal(header))).Single();
        Assert.Equal(uint.MaxValue - 1, entry.Uid);
        Assert.Equal(-2, entry.ModifiedSeconds);
    }

    [Theory]
    [InlineData(108, new byte[] { 0x80, 0, 0, 1, 0, 0, 0, 0 }, "owner")]
    [InlineData(124, new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, "negative")]
    [InlineData(124, new byte[] { 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "size")]
    [InlineData(124, new byte[] { 0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0 }, "size")]
    [InlineData(124, new byte[] { 48, 48, 49, 56, 0 }, "size")]
    [InlineData(136, new byte[] { 120 }, "time")]
    public void NumbersOutOfRangeAreRefused(int offset, byte[] field, string expected)
    {
        byte[] header = Header("a", '0');
        Put(header, offset, field.Length, field);
        Refused(expected, Seal(header));
    }

    [Fact]
    public void GnuLongNamesAreRead()
    {
        string name = new('n', 300);
        string link = new('l', 200);
        TreeEntry entry = Entries(
                Reader([.. Extended('L', name + "\0"), .. Extended('K', link + "\0"), .. Header("cut", '2', link: "cut")])
            )
            .Single();
        Assert.Equal(name, entry.Path.ToString());
        Assert.Equal(link, entry.Target.ToString());
    }

    [Fact]
    public void TooLongNamesAreRefused()
    {
        Refused("GNU long name of", Extended('L', new string('n', 5000)), Header("cut", '0'));
        Refused("longer than", Extended('x', Record("path", new string('n', 5000))), Header("cut", '0'));
        Refused("longer than", Extended('x', Record("linkpath", new string('n', 5000))), Header("cut", '2'));
    }

    [Fact]
    public void LaterPaxRecordsWinAndEmptyOnesTakeBack()
    {
        string records =
            Record("path", "first") + Record("path", "second") + Record("uid", "7") + Record("uid", "") + Record("comment", "x");
        TreeEntry entry = Entries(Reader(Extended('x', records), Header("third", '0', uid: 5))).Single();
        Assert.Equal("second", entry.Path.ToString());
        Assert.Equal(5u, entry.Uid);
    }

    [Fact]
    public void AGlobalHeaderHoldsUntilTheNextAndGivesWayToAnEntrysOwn()
    {
        List<TreeEntry> entries = Entries(
            Reader(
                Extended('g', Record("uid", "11") + Record("mtime", "5.25")),
                Header("a", '0'),
                Extended('x', Record("uid", "12")),
                Header("b", '0'),
                Header("c", '0'),
                Extended('g', Record("uid", "13")),
                Header("d", '0')
            )
        );
        Assert.Equal([11u, 12u, 11u, 13u], entries.Select(entry => entry.Uid));
        Assert.All(entries, entry => Assert.Equal((5, 250_000_000), (entry.ModifiedSeconds, entry.ModifiedNanoseconds)));
    }

    [Theory]
    [InlineData("12 path=ab")]
    [InlineData("0012 path=a\n")]
    [InlineData("7 path\n")]
    [InlineData("4 =\n")]
    [InlineData("3 \n")]
    [InlineData("99999999999 path=a\n")]
    [InlineData("-5 a=\n")]
    [InlineData("12 size=1x2\n")]
    [InlineData("10 uid=-1\n")]
    [InlineData("13 mtime=1.x\n")]
    [InlineData("14 mtime=abcd\n")]
    [InlineData("20 GNU.sparse.map=1\n")]
    [InlineData("25 GNU.sparse.numbytes=1\n")]
    [InlineData("27 LIBARCHIVE.xattr.a=!!!!\n")]
    [InlineData("17 SCHILY.xattr.=\n")]
    public void DamagedPaxRecordsAreRefused(string records) =>
        Refused("pax|SCHILY|LIBARCHIVE|GNU|extended", Extended('x', records), Header("a", '0'));

    [Fact]
    public void TooMuchIsRefused()
    {
        Refused("at most 1048576", Extended('x', new string(' ', 1024 * 1024 + 1)), Header("a", '0'));
        Refused("extended attribute of 65537", Extended('x', Record("SCHILY.xattr.user.a", new string('v', 65_537))), Header("a", '0'));
    }

    [Fact]
    public void LibarchivesSpellingOfAttributesIsRead()
    {
        string records =
            Record("LIBARCHIVE.xattr.user.a%20b", "AAH/") + Record("LIBARCHIVE.xattr.user.c", "AA") + Record("SCHILY.xattr.user.c", "\0");
        TreeEntry entry = Entries(Reader(Extended('x', records), Header("a", '0'))).Single();
        Assert.Equal(["user.a b", "user.c"], entry.Attributes.Select(attribute => attribute.Name));
        Assert.Equal([0, 1, 255], entry.Attributes[0].Value.ToArray());
        Assert.Equal([0], entry.Attributes[1].Value.ToArray());
    }

    [Fact]
    public void AnExtendedHeaderWithoutEntryIsRefused()
    {
        Refused("end of the archive instead", Extended('x', Record("path", "a")), new byte[Block]);
        Assert.Throws<EndOfStreamException>(() => Entries(Reader(Extended('x', Record("path", "a")))));
    }

    [Fact]
    public void TheSizeInAHardLinkMeansNoData()
    {
        List<TreeEntry> entries = Entries(Reader(Header("a", '0'), Header("b", '1', link: "a", size: 4000), Header("c", '0')));
        Assert.Equal(["a", "b", "c"], entries.Select(entry => entry.Path.ToString()));
    }

    [Theory]
    [InlineData(
        "0.0",
        "GNU.sparse.size=9000;GNU.sparse.numblocks=2;GNU.sparse.offset=0;GNU.sparse.numbytes=3;GNU.sparse.offset=8000;GNU.sparse.numbytes=2"
    )]
    [InlineData("0.1", "GNU.sparse.name=real;GNU.sparse.size=9000;GNU.sparse.numblocks=2;GNU.sparse.map=0,3,8000,2")]
    public void OldPaxSparseFilesAreRead(string version, string keys)
    {
        string records = string.Concat(keys.Split(';').Select(key => Record(key.Split('=')[0], key.Split('=')[1])));
        TarReader reader = Reader(Extended('x', records), Header("fake", '0', size: 5), Padded("12345"), Header("next", '0'));
        TreeEntry entry = reader.Next()!;
        Assert.Equal(version == "0.1" ? "real" : "fake", entry.Path.ToString());
        Assert.Equal(9000, entry.Size);
        Assert.Equal([new DataRange(0, 3), new DataRange(8000, 2)], entry.DataRanges);
        Assert.Equal("12345"u8.ToArray(), TarRoundTripTests.ReadData(reader));
        Assert.Equal("next", reader.Next()!.Path.ToString());
    }

    [Fact]
    public void OldGnuSparseFilesWithMoreBlocksAreRead()
    {
        byte[] header = Header("s", 'S', size: 26);
        byte[] block = new byte[Block];
        for (int index = 0; index < 26; index++)
        {
            byte[] piece = Encoding.ASCII.GetBytes($"{Convert.ToString(index * 1000, 8).PadLeft(11, '0')}\000000000001\0");
            Put(
                index < 4 ? header : block,
                index < 4 ? 386 + index * 24
                    : index < 25 ? (index - 4) * 24
                    : 0,
                24,
                piece
            );
        }
        header[482] = 1;
        Put(header, 483, 12, "00000100000\0"u8.ToArray());
        byte[] last = new byte[Block];
        block[504] = 1;
        // The 26th piece went over the first of the middle block: put both right.
        Put(last, 0, 24, Encoding.ASCII.GetBytes($"{Convert.ToString(25_000, 8).PadLeft(11, '0')}\000000000001\0"));
        Put(block, 0, 24, Encoding.ASCII.GetBytes($"{Convert.ToString(4000, 8).PadLeft(11, '0')}\000000000001\0"));
        TarReader reader = Reader(Seal(header), block, last, Padded("abcdefghijklmnopqrstuvwxyz"), Header("next", '0'));
        TreeEntry entry = reader.Next()!;
        Assert.Equal(32_768, entry.Size);
        Assert.Equal(Enumerable.Range(0, 26).Select(index => new DataRange(index * 1000, 1)), entry.DataRanges);
        Assert.Equal("abcdefghijklmnopqrstuvwxyz"u8.ToArray(), TarRoundTripTests.ReadData(reader));
        Assert.Equal("next", reader.Next()!.Path.ToString());
    }

    [Theory]
    [InlineData("2\n0\n5\n3\n2\n", "overlaps")]
    [InlineData("1\n95\n6\n", "outside")]
    [InlineData("1\n0\n99\n", "stored")]
    [InlineData("1\n0\n", "no number")]
    [InlineData("1000001\n", "at most 1000000")]
    [InlineData("x\n", "no number")]
    [InlineData("-1\n", "no number")]
    [InlineData("1\n99999999999999999999\n1\n", "no number")]
    public void DamagedSparseMapsAreRefused(string map, string expected)
    {
        string records = Record("GNU.sparse.major", "1") + Record("GNU.sparse.minor", "0") + Record("GNU.sparse.realsize", "100");
        Refused(expected, Extended('x', records), Header("s", '0', size: Block), Padded(map));
    }

    [Fact]
    public void ADumpLooksLikeAList()
    {
        StringWriter text = new() { NewLine = "\n" };
        TarDump.Write(new MemoryStream(TarRoundTripTests.WriteSample()), text);
        Golden.Assert("tar-dump.txt", text.ToString());
    }

    internal static List<TreeEntry> Entries(TarReader reader)
    {
        List<TreeEntry> entries = [];
        while (reader.Next() is { } entry)
        {
            entries.Add(entry);
        }
        return entries;
    }

    private static InvalidDataException Refused(string expected, params byte[][] parts)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Entries(Reader(parts)));
        Assert.Matches(expected, error.Message);
        Assert.Contains("entry at byte", error.Message, StringComparison.Ordinal);
        return error;
    }

    private static TarReader Reader(params byte[][] parts) => new(new PipeLikeStream(parts.SelectMany(part => part).ToArray()), 4096);

    internal static byte[] Header(string name, char type, string link = "", long size = 0, int uid = 0)
    {
        byte[] header = new byte[Block];
        Put(header, 0, 100, Encoding.Latin1.GetBytes(name));
        Put(header, 100, 8, "0000644\0"u8.ToArray());
        Put(header, 108, 8, Octal(uid, 7));
        Put(header, 116, 8, "0000000\0"u8.ToArray());
        Put(header, 124, 12, Octal(size, 11));
        Put(header, 136, 12, Octal(0, 11));
        header[156] = (byte)type;
        Put(header, 157, 100, Encoding.Latin1.GetBytes(link));
        Put(header, 257, 8, "ustar\u000000"u8.ToArray());
        return Seal(header);
    }

    internal static byte[] Extended(char type, string content) => [.. Header("ext", type, size: content.Length), .. Padded(content)];

    internal static string Record(string key, string value)
    {
        int length = key.Length + value.Length + 3;
        length += $"{length + $"{length}".Length}".Length;
        return $"{length} {key}={value}\n";
    }

    internal static byte[] Seal(byte[] header)
    {
        Put(header, 148, 8, "        "u8.ToArray());
        int sum = header.Sum(each => each);
        Put(header, 148, 8, Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 "));
        return header;
    }

    private static byte[] Padded(string content)
    {
        byte[] padded = new byte[(content.Length + Block - 1) / Block * Block];
        Encoding.Latin1.GetBytes(content, padded);
        return padded;
    }

    private static byte[] Octal(long value, int digits) => Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(digits, '0') + "\0");

    private static void Put(byte[] header, int offset, int length, byte[] field) =>
        field.AsSpan(0, Math.Min(length, field.Length)).CopyTo(header.AsSpan(offset));
}
