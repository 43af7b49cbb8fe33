using System.Text;
using Rootcast.Protocols.Dns;

namespace Rootcast.Tests;

public class DnsTests
{
    /// <summary>www.example.org is an alias of a.example.org, which has two addresses and an IPv6 one; names are compressed.</summary>
    private static byte[] Sample { get; } =
    [
        .. Header(answers: 4),
        .. Name("www.example.org"),
        .. new byte[] { 0, 1, 0, 1 },
        // The question's name is at 12, "example.org" at 16.
        .. new byte[] { 0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 4, 1, (byte)'A', 0xC0, 16 },
        // That alias's own name is at 45.
        .. new byte[] { 0xC0, 45, 0, 1, 0, 1, 0, 0, 1, 0, 0, 4, 192, 0, 2, 1 },
        .. new byte[] { 0xC0, 45, 0, 1, 0, 1, 0, 0, 1, 0, 0, 4, 192, 0, 2, 2 },
        .. new byte[] { 0xC0, 45, 0, 28, 0, 1, 0, 0, 1, 0, 0, 16, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9 },
    ];

    [Fact]
    public void AResponseIsRead() => Golden.Assert("dns-response.txt", DnsDump.Text(DnsReader.Read(Sample)));

    [Fact]
    public void AddressesAreFoundThroughTheAlias()
    {
        DnsMessage message = DnsReader.Read(Sample);
        Assert.Equal(
            ["192.0.2.1", "192.0.2.2"],
            message.AddressesOf("WWW.example.org.", DnsRecordType.A).Select(address => address.ToString())
        );
        Assert.Equal(["2001:db8::9"], message.AddressesOf("www.example.org", DnsRecordType.Aaaa).Select(address => address.ToString()));
        Assert.Empty(message.AddressesOf("other.example.org", DnsRecordType.A));
    }

    [Fact]
    public void AliasesInACircleHaveNoAddress()
    {
        byte[] circle =
        [
            .. Header(answers: 2),
            .. Name("a"),
            .. new byte[] { 0, 1, 0, 1 },
            .. Name("a"),
            .. new byte[] { 0, 5, 0, 1, 0, 0, 0, 1, 0, 3, 1, (byte)'b', 0 },
            .. Name("b"),
            .. new byte[] { 0, 5, 0, 1, 0, 0, 0, 1, 0, 3, 1, (byte)'a', 0 },
        ];
        DnsMessage message = DnsReader.Read(circle);
        Assert.Equal(2, message.Answers.Count);
        Assert.Empty(message.AddressesOf("a", DnsRecordType.A));
    }

    [Fact]
    public void AQueryIsAsTheRfcHasIt()
    {
        byte[] expected = [0xAB, 0xCD, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. Name("Boot.example"), .. new byte[] { 0, 28, 0, 1 }];
        Assert.Equal(expected, DnsWriter.Query(0xABCD, "Boot.example.", DnsRecordType.Aaaa));
        DnsMessage read = DnsReader.Read(expected);
        Assert.False(read.IsResponse);
        Assert.Equal("boot.example", read.QuestionName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a b")]
    [InlineData("ä.example")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b")]
    public void WhatIsNoNameIsNotAskedFor(string name) => Assert.Throws<FormatException>(() => DnsWriter.Query(1, name, DnsRecordType.A));

    [Fact]
    public void ANameThatIsTooLongIsNotAskedFor()
    {
        string longest = string.Join('.', Enumerable.Repeat("123456789", 25)) + ".abc";
        Assert.Equal(longest, DnsReader.Read(DnsWriter.Query(1, longest, DnsRecordType.A)).QuestionName);
        Assert.Throws<FormatException>(() => DnsWriter.Query(1, longest + "d", DnsRecordType.A));
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 12 }, "name pointer to byte 12")]
    [InlineData(new byte[] { 0xC0, 200 }, "name pointer to byte 200")]
    [InlineData(new byte[] { 0x40, 1 }, "label of the unknown kind 0x40")]
    [InlineData(new byte[] { 1, (byte)'a', 0xC0, 12 }, "name pointer to byte 12")]
    [InlineData(new byte[] { 9, (byte)'a' }, "label of 9 bytes, but only 1 follow")]
    [InlineData(new byte[] { 1, (byte)'a' }, "name of 1 bytes, but only 0 follow")]
    public void ANameThatDoesNotEndIsRefusedWithItsPlace(byte[] name, string reason)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => DnsReader.Read([.. Header(answers: 0), .. name]));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheReaderStandsAnyBytes()
    {
        int read = 0;
        Fuzzing.Mutate(
            100_000,
            Sample,
            bytes =>
            {
                DnsMessage message = DnsReader.Read(bytes);
                _ = DnsDump.Text(message);
                Assert.True(message.AddressesOf("www.example.org", DnsRecordType.A).Count <= message.Answers.Count);
                read++;
            }
        );
        Assert.True(read > 10_000, $"only {read} were read at all");
    }

    private static byte[] Header(byte answers) => [0x12, 0x34, 0x81, 0x80, 0, 1, 0, answers, 0, 0, 0, 0];

    private static byte[] Name(string name) =>
        [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];
}
