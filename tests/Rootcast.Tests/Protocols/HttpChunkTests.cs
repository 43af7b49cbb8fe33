using System.Text;
using Rootcast.Protocols.Http;

namespace Rootcast.Tests;

public class HttpChunkTests
{
    private const string Sample = "5\r\nhello\r\nB;name=\"value\"\r\n, chunked w\r\n04 \r\norld\r\n0\r\nTrailer: x\r\n\r\n";

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 100)]
    [InlineData(3, 2)]
    [InlineData(100, 1)]
    [InlineData(100, 100)]
    public void ContentComesOutWhateverThePieces(int inputBytes, int outputBytes)
    {
        HttpChunkReader reader = new();
        Assert.Equal("hello, chunked world", Decode(reader, Encoding.ASCII.GetBytes(Sample), inputBytes, outputBytes, out int used));
        Assert.True(reader.IsAtEnd);
        Assert.Equal(Sample.Length, used);
    }

    [Fact]
    public void NothingBehindTheEndIsTaken()
    {
        HttpChunkReader reader = new();
        Decode(reader, Encoding.ASCII.GetBytes(Sample + "next"), 100, 100, out int used);
        Assert.Equal(Sample.Length, used);
    }

    [Fact]
    public void InPlaceIsFine()
    {
        byte[] bytes = Encoding.ASCII.GetBytes(Sample);
        int written = new HttpChunkReader().Read(bytes, bytes, out _);
        Assert.Equal("hello, chunked world", Encoding.ASCII.GetString(bytes, 0, written));
    }

    [Theory]
    [InlineData("\r\nhello")]
    [InlineData("x\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("5\r\nhelloX\r\n")]
    [InlineData("5\r\nhello\rX\r\n")]
    [InlineData("1000000000000000\r\n")]
    [InlineData(";\r\n")]
    public void WhatIsNoChunkIsRefused(string text) =>
        Assert.Throws<InvalidDataException>(() => Decode(new(), Encoding.ASCII.GetBytes(text), 100, 100, out _));

    [Fact]
    public void EndlessExtensionsAndTrailersAreRefused()
    {
        Assert.Throws<InvalidDataException>(() =>
            Decode(new(), Encoding.ASCII.GetBytes("5;" + new string('a', HttpLayout.LongestChunkLine)), 100, 100, out _)
        );
        string trailer = string.Concat(Enumerable.Repeat("a: b\r\n", HttpLayout.LongestHead));
        Assert.Throws<InvalidDataException>(() => Decode(new(), Encoding.ASCII.GetBytes("0\r\n" + trailer), 100, 100, out _));
    }

    [Fact]
    public void TheReaderStandsAnyBytes()
    {
        int whole = 0;
        Fuzzing.Mutate(
            100_000,
            Encoding.ASCII.GetBytes(Sample),
            bytes =>
            {
                HttpChunkReader reader = new();
                string text = Decode(reader, bytes, 7, 5, out _);
                Assert.True(text.Length < Math.Max(bytes.Length, 1));
                whole += reader.IsAtEnd ? 1 : 0;
            }
        );
        Assert.True(whole > 5_000, $"only {whole} came to their end");
    }

    private static string Decode(HttpChunkReader reader, byte[] bytes, int inputBytes, int outputBytes, out int used)
    {
        StringBuilder text = new();
        byte[] output = new byte[outputBytes];
        used = 0;
        while (used < bytes.Length && !reader.IsAtEnd)
        {
            int written = reader.Read(bytes.AsSpan(used, Math.Min(inputBytes, bytes.Length - used)), output, out int consumed);
            Assert.True(written + consumed > 0, "no progress");
            text.Append(Encoding.ASCII.GetString(output, 0, written));
            used += consumed;
        }
        return text.ToString();
    }
}
