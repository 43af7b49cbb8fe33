using Rootcast.Linux.Libraries;

namespace Rootcast.Tests;

public sealed class ZstdStreamTests
{
    private static readonly byte[] Data = [.. Enumerable.Range(0, 400_000).Select(i => (byte)(i * i / 7))];

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void What_is_compressed_comes_back(int workers)
    {
        byte[] packed = Compress(Data, workers);
        Assert.True(packed.Length < Data.Length);
        Assert.Equal(Data, Decompress(packed));
    }

    [Fact]
    public void Zstd_itself_reads_what_we_compress()
    {
        Judge.Needs("zstd");
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, Compress(Data, 0));
            Judge.Run("zstd", ["-q", "-t", file]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Frames_one_after_another_are_one_stream() =>
        Assert.Equal([.. Data, .. Data], Decompress([.. Compress(Data, 0), .. Compress(Data, 0)]));

    [Fact]
    public void Same_bytes_and_settings_give_the_same_output() => Assert.Equal(Compress(Data, 0), Compress(Data, 0));

    [Fact]
    public void A_stream_that_is_short_by_a_byte_is_refused()
    {
        byte[] packed = Compress(Data, 0);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Decompress(packed[..^1]));
        Assert.Contains("within a frame", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flipped_bit_is_refused()
    {
        byte[] packed = Compress(Data, 0);
        packed[packed.Length / 2] ^= 1;
        Assert.Throws<InvalidDataException>(() => Decompress(packed));
    }

    [Fact]
    public void A_window_beyond_the_bound_is_refused()
    {
        using MemoryStream sink = new();
        using (ZstdCompressStream stream = new(sink, 3, windowLog: 24, leaveOpen: true))
        {
            stream.Write(Data);
        }
        using ZstdDecompressStream read = new(new MemoryStream(sink.ToArray()), largestWindowLog: 20);
        Assert.Throws<InvalidDataException>(() => read.Read(new byte[100], 0, 100));
    }

    private static byte[] Compress(byte[] data, int workers)
    {
        using MemoryStream sink = new();
        using (ZstdCompressStream stream = new(sink, 3, workers, leaveOpen: true))
        {
            stream.Write(data);
        }
        return sink.ToArray();
    }

    private static byte[] Decompress(byte[] packed)
    {
        using ZstdDecompressStream stream = new(new MemoryStream(packed), bufferBytes: 1000);
        using MemoryStream all = new();
        stream.CopyTo(all);
        return all.ToArray();
    }
}
