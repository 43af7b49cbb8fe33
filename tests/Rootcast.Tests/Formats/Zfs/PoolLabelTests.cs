using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rootcast.Formats.Zfs;

namespace Rootcast.Tests;

public class PoolLabelTests
{
    private const ulong Pool = 5867321399512083145;

    [Fact]
    public void ADiskSaysWhichOthersItsPoolHas()
    {
        PoolLabel? label = PoolLabel.Read(Label(state: 0));
        Assert.NotNull(label);
        Assert.Equal(("rpool", Pool, 11UL, 2UL, 1UL), (label.Name, label.Pool, label.Disk, label.Branches, label.Branch));
        Assert.Equal([11UL, 12UL], label.Disks);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void DestroyedPoolsSparesAndCachesAreNone(ulong state) => Assert.Null(PoolLabel.Read(Label(state)));

    [Fact]
    public void OtherDisksHaveNone()
    {
        Assert.Null(PoolLabel.Read([]));
        Assert.Null(PoolLabel.Read(new byte[PoolLabel.ListBytes]));
    }

    /// <summary>Whatever stands there instead: a label, or none.</summary>
    [Fact]
    public void AnyBytesAreALabelOrNone() =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue - 1).Two().ToArbitrary(),
                pair =>
                {
                    byte[] label = Label(state: 0);
                    label[pair.Item1 % label.Length] = (byte)pair.Item2;
                    _ = PoolLabel.Read(label);
                    _ = PoolLabel.Read(label.AsSpan(0, pair.Item2 % label.Length));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void ListsInListsHaveAnEnd()
    {
        // Each list begins another one of the same name.
        byte[] bytes =
        [
            1,
            0,
            0,
            0,
            .. Enumerable
                .Repeat((byte[])[.. new byte[8], .. Word(1024), .. Word(1), .. Text("a"), .. Word(19), .. Word(1)], 2000)
                .SelectMany(part => part),
        ];
        Assert.Contains(
            "more lists in lists",
            Assert.Throws<InvalidDataException>(() => NamedValues.Read(bytes)).Message,
            StringComparison.Ordinal
        );
    }

    private static byte[] Label(ulong state) =>
        [
            .. (byte[])[1, 1, 0, 0],
            .. List(
                Number("version", 23),
                Pair("name", 9, Text("rpool")),
                Number("state", state),
                Number("pool_guid", Pool),
                Pair("hostname", 9, Text("vm")),
                Pair("unknown", 2, Word(7)),
                Number("guid", 11),
                Number("vdev_children", 2),
                Pair(
                    "vdev_tree",
                    19,
                    List(
                        Pair("type", 9, Text("mirror")),
                        Number("id", 1),
                        Number("guid", 10),
                        Pair("children", 20, [.. List(Number("guid", 11)), .. List(Number("guid", 12))], 2)
                    )
                )
            ),
            .. new byte[64],
        ];

    private static byte[] List(params byte[][] pairs) =>
        [.. Word(0), .. Word(1), .. pairs.SelectMany(pair => pair), .. Word(0), .. Word(0)];

    private static byte[] Number(string name, ulong value) => Pair(name, 8, [.. Word((uint)(value >> 32)), .. Word((uint)value)]);

    private static byte[] Pair(string name, uint type, byte[] value, uint count = 1)
    {
        byte[] rest = [.. Text(name), .. Word(type), .. Word(count), .. value];
        return [.. Word((uint)rest.Length + 8), .. Word((uint)rest.Length + 40), .. rest];
    }

    private static byte[] Text(string text) =>
        [.. Word((uint)text.Length), .. Encoding.UTF8.GetBytes(text), .. new byte[(4 - (text.Length % 4)) % 4]];

    private static byte[] Word(uint value)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
