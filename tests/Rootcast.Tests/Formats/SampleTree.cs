using Rootcast.Formats;
using Rootcast.Formats.Tree;

namespace Rootcast.Tests;

/// <summary>A tree that has one of everything, with the data of its files.</summary>
internal static class SampleTree
{
    public static UnixPath LongName { get; } = UnixPath.From(string.Join('/', Enumerable.Repeat("a-rather-long-directory", 12)) + "/file");

    public static UnixPath OddName { get; } = new(new byte[] { (byte)'o', 0xff, 0x01, (byte)'\n', 0xc3, (byte)' ' });

    public static IReadOnlyList<(TreeEntry Entry, byte[] Data)> Entries { get; } =
    [
        (Entry("", NodeKind.Directory, 0x1ed), []),
        (Entry("dev", NodeKind.Directory, 0x1ed), []),
        (Entry("dev/null", NodeKind.CharacterDevice, 0x1b6) with { DeviceMajor = 1, DeviceMinor = 3 }, []),
        (Entry("dev/large", NodeKind.BlockDevice, 0x1b0) with { DeviceMajor = 259, DeviceMinor = 1_048_575 }, []),
        (Entry("dev/pipe", NodeKind.Fifo, 0x1a4), []),
        (File("empty", 0), []),
        (File("one-block", 512), Bytes(512)),
        (File("setuid", 3) with { Mode = 0x9ed, Uid = 1000, Gid = 4_000_000_000 }, Bytes(3)),
        (File("set", 0) with { Mode = 0x3ff | 0x200 }, []),
        (Entry("hard", NodeKind.HardLink, 0x9ed) with { Target = UnixPath.From("setuid"), Uid = 1000, Gid = 4_000_000_000 }, []),
        (Entry("soft", NodeKind.Symlink, 0x1ff) with { Target = UnixPath.From("../some/where") }, []),
        (Entry("soft-long", NodeKind.Symlink, 0x1ff) with { Target = UnixPath.From(new string('t', 300)) }, []),
        (Entry("soft-odd", NodeKind.Symlink, 0x1ff) with { Target = OddName }, []),
        (File("", 7) with { Path = LongName }, Bytes(7)),
        (File("", 4) with { Path = OddName }, Bytes(4)),
        (File("", 5) with { Path = new UnixPath(Enumerable.Repeat((byte)0xfe, 200).ToArray()) }, Bytes(5)),
        (File("time", 1) with { ModifiedSeconds = 1_700_000_000, ModifiedNanoseconds = 123_456_000 }, Bytes(1)),
        (File("before", 1) with { ModifiedSeconds = -2, ModifiedNanoseconds = 400_000_000 }, Bytes(1)),
        (File("far", 1) with { ModifiedSeconds = 1L << 40 }, Bytes(1)),
        (
            File("capable", 9) with
            {
                Attributes =
                [
                    new ExtendedAttribute("security.capability", Bytes(20)),
                    new ExtendedAttribute("user.a=b%c", new byte[] { 0, 10, 61, 255 }),
                    new ExtendedAttribute("user.empty", default),
                ],
            },
            Bytes(9)
        ),
        (File("sparse", 1 << 20) with { DataRanges = [new DataRange(4096, 8192), new DataRange(65_536, 4096)] }, Bytes(8192 + 4096)),
        (File("sparse-to-end", 20_480) with { DataRanges = [new DataRange(8192, 12_288)] }, Bytes(12_288)),
        (File("hole", 1 << 30) with { DataRanges = [] }, []),
        (File("large", 700_001), Bytes(700_001)),
    ];

    public static TreeEntry Entry(string path, NodeKind kind, int mode) =>
        new()
        {
            Path = UnixPath.From(path),
            Kind = kind,
            Mode = mode,
        };

    public static TreeEntry File(string path, long size) => Entry(path, NodeKind.File, 0x1a4) with { Size = size };

    /// <summary>Bytes that are no text and never the same at two places near each other.</summary>
    public static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Compares what a record's own equality does not: lists and bytes.</summary>
    public static void AssertSame(TreeEntry expected, TreeEntry actual)
    {
        Assert.Equal(expected.Path.ToString(), actual.Path.ToString());
        Assert.Equal(expected with { Attributes = [], DataRanges = null }, actual with { Attributes = [], DataRanges = null });
        Assert.Equal(expected.DataRanges, actual.DataRanges);
        Assert.Equal(expected.Attributes.Select(Text), actual.Attributes.Select(Text));
    }

    private static string Text(ExtendedAttribute attribute) => $"{attribute.Name}={Convert.ToHexString(attribute.Value.Span)}";
}
