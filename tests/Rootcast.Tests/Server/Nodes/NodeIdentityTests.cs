using Rootcast.Server.Nodes;

namespace Rootcast.Tests;

public class NodeIdentityTests
{
    [Theory]
    [InlineData("52:54:00:AB:cd:ef", "52-54-00-ab-cd-ef")]
    [InlineData("52-54-00-ab-cd-ef", "52-54-00-ab-cd-ef")]
    [InlineData("525400abcdef", "52-54-00-ab-cd-ef")]
    [InlineData("00:00:00:00:00:00", null)]
    [InlineData("ff:ff:ff:ff:ff:ff", null)]
    [InlineData("52:54:00:ab:cd", null)]
    [InlineData("${net0/mac}", null)]
    public void HardwareAddresses(string text, string? read) => Assert.Equal(read, NodeIdentity.Of(text, null, null).Mac);

    [Theory]
    [InlineData("5C41D7CE-0B0D-4A5D-9C5F-7E0E9A3B1C2D", "5c41d7ce-0b0d-4a5d-9c5f-7e0e9a3b1c2d")]
    [InlineData("00000000-0000-0000-0000-000000000000", null)]
    [InlineData("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", null)]
    [InlineData("03000200-0400-0500-0006-000700080009", null)]
    [InlineData("", null)]
    public void Identifiers(string text, string? read) => Assert.Equal(read, NodeIdentity.Of(null, text, null).Uuid);

    [Theory]
    [InlineData("CZC1234ABC", "CZC1234ABC")]
    [InlineData(" CN-0Y7K 123 ", "CN-0Y7K 123")]
    [InlineData("To Be Filled By O.E.M.", null)]
    [InlineData("Default string", null)]
    [InlineData("0000000000", null)]
    [InlineData("a\nb", null)]
    [InlineData("x", null)]
    public void SerialNumbers(string text, string? read) => Assert.Equal(read, NodeIdentity.Of(null, null, text).Serial);

    [Theory]
    [InlineData("*", true)]
    [InlineData("rack=3", true)]
    [InlineData("role=web,rack=3", true)]
    [InlineData("rack=3*", false)]
    [InlineData("rack=*", true)]
    [InlineData("role=w*", true)]
    [InlineData("rack=4", false)]
    [InlineData("site=", false)]
    public void PatternsMatchLabels(string pattern, bool matches) =>
        Assert.Equal(
            matches,
            NodePattern
                .Parse(pattern.Replace("rack=3*", "rack=30*", StringComparison.Ordinal))!
                .Matches("node", new Dictionary<string, string>(StringComparer.Ordinal) { ["rack"] = "3", ["role"] = "web" })
        );

    [Theory]
    [InlineData("52-54-00-ab-cd-ef")]
    [InlineData("rack")]
    [InlineData("=3")]
    [InlineData("rack=3,")]
    [InlineData("rack=a b")]
    [InlineData("ra*=3")]
    public void OtherTextsAreNoPatterns(string text) => Assert.Null(NodePattern.Parse(text));
}
