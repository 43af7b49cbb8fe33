using Rootcast.Protocols.Tftp;

namespace Rootcast.Tests;

public class TftpTests
{
    private static readonly TftpPacket[] Samples =
    [
        new TftpRequest(
            IsWrite: false,
            "undionly.kpxe",
            "octet",
            [new("tsize", "0"), new("blksize", "1456"), new("timeout", "2"), new("windowsize", "4"), new("multicast", "")]
        ),
        new TftpRequest(IsWrite: true, "x", "netascii", []),
        new TftpData(65_535, new byte[] { 1, 2, 3 }),
        new TftpAcknowledgement(7),
        new TftpOptionAcknowledgement([new("tsize", "74213")]),
        new TftpError(TftpErrorCode.UnknownTransfer, "not yours"),
    ];

    [Fact]
    public void PacketsReadBackAsTheyWereWritten() =>
        Assert.Equal(
            """
            read undionly.kpxe octet tsize=0 blksize=1456 timeout=2 windowsize=4 multicast=
            write x netascii
            data 65535, 3 bytes
            acknowledge 7
            options tsize=74213
            error 5 not yours
            """,
            string.Join('\n', Samples.Select(packet => TftpDump.Text(TftpReader.Read(TftpWriter.Write(packet)))))
        );

    [Theory]
    [InlineData("", 0)]
    [InlineData("000161", 0)]
    [InlineData("0001610062", 4)]
    [InlineData("00090000", 0)]
    [InlineData("0001610062006100620041006200", 10)]
    public void WhatIsNoPacketIsRefusedWithItsPlace(string hex, int at)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => TftpReader.Read(Convert.FromHexString(hex)));
        Assert.StartsWith($"TFTP packet, byte {at}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TextsAndOptionsAreBounded()
    {
        Assert.Throws<InvalidDataException>(() =>
            TftpReader.Read(TftpWriter.Write(new TftpRequest(false, new string('x', 256), "octet", [])))
        );
        TftpOption[] many = [.. Enumerable.Range(0, 17).Select(i => new TftpOption($"o{i}", "1"))];
        Assert.Throws<InvalidDataException>(() => TftpReader.Read(TftpWriter.Write(new TftpRequest(false, "x", "octet", many))));
        Assert.Equal("read .[2J octet", TftpDump.Text(TftpReader.Read("\0\u0001\u001b[2J\0octet\0"u8)));
    }

    [Fact]
    public void MutatedPacketsAreReadOrRefused()
    {
        foreach (TftpPacket sample in Samples)
        {
            Fuzzing.Mutate(
                5_000,
                TftpWriter.Write(sample),
                bytes =>
                {
                    TftpPacket packet = TftpReader.Read(bytes);
                    Assert.DoesNotContain(TftpDump.Text(packet), char.IsControl);
                }
            );
        }
    }

    [Theory]
    [InlineData("blksize", "1456", 1456, 1, "blksize=1456")]
    [InlineData("BLKSIZE", "8", 8, 1, "blksize=8")]
    [InlineData("blksize", "7", 512, 1, "")]
    [InlineData("blksize", "65465", 512, 1, "")]
    [InlineData("blksize", "-1", 512, 1, "")]
    [InlineData("windowsize", "16", 512, 16, "windowsize=16")]
    [InlineData("windowsize", "1000", 512, 64, "windowsize=64")]
    [InlineData("windowsize", "0", 512, 1, "")]
    [InlineData("tsize", "0", 512, 1, "tsize=100")]
    [InlineData("multicast", "", 512, 1, "")]
    public void OptionsAreTakenAsFarAsTheyCanBeMeant(string name, string value, int block, int window, string accepted)
    {
        TftpTerms terms = TftpTerms.Of(new TftpRequest(false, "x", "octet", [new(name, value)]), 100);
        Assert.Equal(block, terms.BlockBytes);
        Assert.Equal(window, terms.WindowBlocks);
        Assert.Equal(accepted, string.Join(' ', terms.Accepted.Select(option => $"{option.Name}={option.Value}")));
    }
}
