using System.Text;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;

namespace Rootcast.Tests;

/// <summary>Damaged archives of every kind, and noise: readers end, refuse, and never take more memory than the input and their bounds allow.</summary>
public class ArchiveFuzzTests
{
    private static readonly byte[] Late = CpioBytes.Join(CpioBytes.Entry("late", data: "data"), CpioBytes.Trailer);

    private static byte[][] TarSamples { get; } =
    [
        SmallTar(),
        CpioBytes.Join(
            TarTests.Extended('L', new string('n', 120) + "\0"),
            TarTests.Extended('K', new string('l', 120) + "\0"),
            TarTests.Header("cut", '1', link: "cut"),
            TarTests.Extended('g', TarTests.Record("mtime", "5.25") + TarTests.Record("uid", "3"))
        ),
        CpioBytes.Join(
            TarTests.Extended('x', TarTests.Record("GNU.sparse.size", "9000") + TarTests.Record("GNU.sparse.map", "0,3,8000,2")),
            TarTests.Header("s", '0', size: 5),
            new byte[TarTests.Block],
            TarTests.Extended('x', TarTests.Record("LIBARCHIVE.xattr.user.a", "AAAA") + TarTests.Record("mtime", "-1.5")),
            OldSparse()
        ),
    ];

    private static byte[][] CpioSamples { get; } =
    [
        CpioBytes.Join(
            CpioBytes.Entry("dir", CpioBytes.DirectoryMode),
            CpioBytes.Entry("dir/a", data: "some data", inode: 7, links: 2),
            CpioBytes.Entry("dir/b", inode: 7, links: 2),
            CpioBytes.Entry("l", CpioBytes.SymlinkMode, "target"),
            CpioBytes.Trailer
        ),
        CpioBytes.Join(
            CpioBytes.Entry("f", data: "abc", magic: "070702", check: CpioBytes.Sum("abc")),
            CpioBytes.Entry("padded", data: "abc", nameSize: 50),
            new byte[8],
            CpioBytes.Entry("n", 0x21b6),
            CpioBytes.Trailer,
            new byte[4],
            InitrdReaderTests.Gzip(Late),
            Late
        ),
        CpioBytes.Join(
            Late,
            [0x28, 0xb5, 0x2f, 0xfd, 0x24, 3, 0x19, 0, 0, 1, 2, 3, 1, 2, 3, 4, 0x02, 0x21, 0x4c, 0x18, 3, 0, 0, 0, 1, 2, 3, 0],
            Late
        ),
        CpioBytes.Join(
            [0x89, 0x4c, 0x5a, 0x4f, 0, 0x0d, 0x0a, 0x1a, 0x0a, 9, 0x30, 0, 0, 1, 0, 0, 0, 1, .. new byte[8], 1, 9, 1, 2, 3, 4],
            [0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 5, 0, 0, 0, 0, 0x42, 0x5a, 9, 0],
            Late
        ),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void AnyTarIsReadOrRefused(int sample)
    {
        // Once as they are: mostly wrong checksums. Once with checksums made right again, so that what is behind them is reached.
        Fuzzing.Mutate(10_000, TarSamples[sample], bytes => ReadTar(bytes), seed: 100 + sample);
        Fuzzing.Mutate(24_000, TarSamples[sample], bytes => ReadTar(Resealed(bytes)), seed: 200 + sample);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnyInitrdIsReadOrRefused(int sample)
    {
        Fuzzing.Mutate(17_000, CpioSamples[sample], ReadCpio, seed: 300 + sample);
        Fuzzing.Mutate(17_000, CpioSamples[sample], ReadInitrd, seed: 400 + sample);
    }

    [Fact]
    public void NoiseIsRefused()
    {
        Random random = new(5);
        for (int index = 0; index < 3000; index++)
        {
            byte[] noise = new byte[random.Next(2000)];
            random.NextBytes(noise);
            foreach (Action<byte[]> read in new Action<byte[]>[] { bytes => ReadTar(Resealed(bytes)), ReadTar, ReadCpio, ReadInitrd })
            {
                Exception? error = Record.Exception(() => read(noise));
                Assert.True(error is null or InvalidDataException or EndOfStreamException, $"{index}: {error}");
            }
        }
    }

    [Fact]
    public void ALargeTreeCostsLittleMoreThanItsEntries()
    {
        MemoryStream stream = new();
        TarWriter writer = new(stream);
        byte[] data = SampleTree.Bytes(5000);
        for (int index = 0; index < 2000; index++)
        {
            writer.Write(SampleTree.File($"directory/file-{index}", data.Length), data);
        }
        writer.Finish();
        stream.Position = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        TarReader reader = new(stream);
        long total = 0;
        while (reader.Next() is not null)
        {
            while (reader.ReadData(out _, out ReadOnlySpan<byte> bytes))
            {
                total += bytes.Length;
            }
        }
        Assert.Equal(2000 * 5000, total);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, TarReader.DefaultBuffer + 10_000 + 2000 * 320);
    }

    private static void ReadTar(byte[] bytes) =>
        Bounded(
            bytes,
            1024 * 1024,
            () =>
            {
                TarReader reader = new(new MemoryStream(bytes), 4096);
                int steps = 0;
                while (reader.Next() is not null)
                {
                    while (reader.ReadData(out _, out _))
                    {
                        Assert.True(++steps <= bytes.Length);
                    }
                    Assert.True(++steps <= bytes.Length);
                }
            }
        );

    private static void ReadCpio(byte[] bytes) =>
        Bounded(
            bytes,
            0,
            () =>
            {
                CpioReader reader = new(new MemoryStream(bytes), 16 * 1024);
                int steps = 0;
                while (reader.Next() is not null)
                {
                    while (reader.ReadData(out _))
                    {
                        Assert.True(++steps <= bytes.Length);
                    }
                    Assert.True(++steps <= bytes.Length);
                }
            }
        );

    private static void ReadInitrd(byte[] bytes) =>
        Bounded(
            bytes,
            // The framework's inflater and second windows for members.
            64 * 1024
                + bytes.Length * 3000L,
            () =>
            {
                using InitrdReader reader = new(new MemoryStream(bytes), (_, compressed) => Drained(compressed), 16 * 1024);
                int steps = 0;
                while (reader.Next() is not null)
                {
                    while (reader.ReadData(out _)) { }
                    // A deflated byte can become a thousand; each entry needs 110 of those.
                    Assert.True(++steps <= bytes.Length * 10);
                }
            }
        );

    private static MemoryStream Drained(Stream compressed)
    {
        byte[] buffer = new byte[64];
        while (compressed.Read(buffer) > 0) { }
        return new MemoryStream(Late);
    }

    private static void Bounded(byte[] bytes, long extra, Action read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? refusal = null;
        try
        {
            read();
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            refusal = error;
        }
        long used = GC.GetAllocatedBytesForCurrentThread() - before;
        // Windows, an exception, and for each header of input some objects and a name.
        Assert.InRange(used, 0, extra + 128 * 1024 + bytes.Length * 16L);
        Assert.True(refusal is null || refusal.Message.Contains("byte", StringComparison.Ordinal), $"no offset in: {refusal?.Message}");
    }

    /// <summary>Puts a right checksum into every block that could be a header.</summary>
    private static byte[] Resealed(byte[] bytes)
    {
        for (int at = 0; at + TarTests.Block <= bytes.Length; at += TarTests.Block)
        {
            byte[] block = bytes[at..(at + TarTests.Block)];
            if (block.AsSpan(257, 5).SequenceEqual("ustar"u8))
            {
                TarTests.Seal(block).CopyTo(bytes, at);
            }
        }
        return bytes;
    }

    private static byte[] SmallTar()
    {
        MemoryStream stream = new();
        TarWriter writer = new(stream);
        writer.Write(
            SampleTree.File("s", 20_480) with
            {
                DataRanges = [new DataRange(4096, 300), new DataRange(8192, 5)],
                Attributes = [new ExtendedAttribute("user.a", new byte[] { 1, 2, 3 })],
                ModifiedNanoseconds = 5,
            },
            new byte[305]
        );
        writer.Write(SampleTree.Entry("d", NodeKind.CharacterDevice, 0x1ff) with { DeviceMajor = 1, DeviceMinor = 3 });
        writer.Finish();
        return stream.ToArray();
    }

    private static byte[] OldSparse()
    {
        byte[] header = TarTests.Header("old", 'S', size: 3);
        Encoding.ASCII.GetBytes("00000001000\000000000003\0").CopyTo(header, 386);
        header[482] = 1;
        Encoding.ASCII.GetBytes("00000002000\0").CopyTo(header, 483);
        return CpioBytes.Join(TarTests.Seal(header), new byte[2 * TarTests.Block]);
    }
}
