using System.Text;
using Rootcast.Protocols.Http;

namespace Rootcast.Tests;

public class HttpResponseTests
{
    private const string Sample =
        "HTTP/1.1 206 Partial Content\r\nServer: x\r\nContent-Length: 90\r\nContent-Range: bytes 10-99/100\r\n"
        + "ETag: \"abc\"\r\nLocation: /there\r\nRetry-After: 7\r\nX-Empty:\r\n\r\n";

    [Fact]
    public void AHeadIsRead()
    {
        HttpResponseHead head = Read(Sample);
        Assert.Equal(206, head.Status);
        Assert.Equal("Partial Content", head.Reason);
        Assert.Equal(90, head.ContentLength);
        Assert.Equal(new HttpContentRange(10, 99, 100), head.ContentRange);
        Assert.Equal("\"abc\"", head.StrongTag);
        Assert.Equal("/there", head.Location);
        Assert.Equal(7, head.RetryAfterSeconds);
        Assert.False(head.IsChunked);
    }

    [Fact]
    public void TheHeadEndsWhereItsEmptyLineEnds()
    {
        byte[] bytes = Encoding.ASCII.GetBytes(Sample + "content");
        for (int length = 0; length < Sample.Length; length++)
        {
            Assert.Equal(0, HttpResponseReader.HeadLength(bytes.AsSpan(0, length)));
        }
        Assert.Equal(Sample.Length, HttpResponseReader.HeadLength(bytes));
        Assert.Equal(17, HttpResponseReader.HeadLength("HTTP/1.0 200 OK\n\ncontent"u8));
    }

    [Fact]
    public void AHeadWithoutEndIsRefusedAtItsBound()
    {
        byte[] endless = new byte[HttpLayout.LongestHead];
        endless.AsSpan().Fill((byte)'a');
        Assert.Equal(0, HttpResponseReader.HeadLength(endless.AsSpan(1)));
        Assert.Throws<InvalidDataException>(() => HttpResponseReader.HeadLength(endless));
    }

    [Fact]
    public void ChunksWinOverALength()
    {
        HttpResponseHead head = Read("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nContent-Length: 5\r\n\r\n");
        Assert.True(head.IsChunked);
        Assert.Null(head.ContentLength);
    }

    [Theory]
    [InlineData("W/\"abc\"")]
    [InlineData("abc")]
    [InlineData("\"a\"b\"")]
    [InlineData("\"")]
    public void AWeakOrBrokenTagHoldsForNothing(string tag) => Assert.Null(Read($"HTTP/1.1 200 OK\r\nETag: {tag}\r\n\r\n").StrongTag);

    [Theory]
    [InlineData("Retry-After: Fri, 31 Dec 1999 23:59:59 GMT")]
    [InlineData("Retry-After: -1")]
    public void RetryAfterThatIsNoNumberIsNotThere(string header) =>
        Assert.Null(Read($"HTTP/1.1 503 Busy\r\n{header}\r\n\r\n").RetryAfterSeconds);

    [Theory]
    [InlineData("bytes 5-4/10")]
    [InlineData("bytes 5-10/10")]
    [InlineData("bytes */10")]
    [InlineData("lines 1-2/3")]
    [InlineData("bytes 1-2")]
    public void ARangeThatCannotBeIsNotThere(string range) => Assert.Null(HttpContentRange.Parse(range));

    [Theory]
    [InlineData("HTTP/2 200 OK\r\n\r\n", "no HTTP/1 response")]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n", "no HTTP/1 response")]
    [InlineData("HTTP/1.1 999 OK\r\n\r\n", "no HTTP/1 response")]
    [InlineData("HTTP/1.1 20\0 OK\r\n\r\n", "no HTTP/1 response")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n", "no HTTP/1 response")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "byte 36: Content-Length 6")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n", "Content-Length +5")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", "Content-Length 9999")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "Transfer-Encoding gzip")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\n", "a line that is no header")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n", "a line that is no header")]
    [InlineData("HTTP/1.1 200 OK\r\nA: \u001b[2J\r\n\r\n", "control character 0x1b")]
    [InlineData("HTTP/1.1 200 \u001b[2J\r\n\r\n", "control character 0x1b")]
    public void WhatIsNoHeadIsRefusedWithItsPlace(string head, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Read(head)).Message, StringComparison.Ordinal);

    [Fact]
    public void TheReaderStandsAnyBytes()
    {
        int read = 0;
        Fuzzing.Mutate(
            100_000,
            Encoding.ASCII.GetBytes(Sample),
            bytes =>
            {
                int length = HttpResponseReader.HeadLength(bytes);
                HttpResponseHead head = HttpResponseReader.Read(bytes.AsSpan(0, length));
                Assert.InRange(head.Status, 100, 599);
                read++;
            }
        );
        Assert.True(read > 10_000, $"only {read} were read at all");
    }

    private static HttpResponseHead Read(string head) => HttpResponseReader.Read(Encoding.ASCII.GetBytes(head));
}
