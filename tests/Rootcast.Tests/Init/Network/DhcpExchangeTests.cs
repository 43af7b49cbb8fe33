using System.Net;
using Rootcast.Init.Network;
using Rootcast.Protocols.Dhcp;

namespace Rootcast.Tests;

/// <summary>A client without clock and network: the tests are both.</summary>
public class DhcpExchangeTests
{
    private static readonly byte[] Address = [0x52, 0x54, 0, 0x12, 0x34, 0x56];
    private static readonly IPAddress Server = IPAddress.Parse("10.0.2.2");
    private readonly DhcpExchange exchange = new(Address, new Random(5), TimeSpan.Zero);

    [Fact]
    public void DiscoverOfferRequestAcknowledge()
    {
        DhcpMessage discover = exchange.Next(TimeSpan.Zero);
        Assert.Equal(DhcpMessageType.Discover, discover.Type);
        Assert.False(discover.IsReply);
        Assert.Null(discover.RequestedAddress);

        Assert.Null(exchange.Take(Answer(discover, DhcpMessageType.Offer), Seconds(0.1)));
        Assert.Equal(Seconds(0.1), exchange.Due);
        DhcpMessage request = exchange.Next(Seconds(0.1));
        Assert.Equal(DhcpMessageType.Request, request.Type);
        Assert.Equal(discover.TransactionId, request.TransactionId);
        Assert.Equal("10.0.2.15", request.RequestedAddress!.ToString());
        Assert.Equal(Server, request.ServerIdentifier);

        DhcpMessage? acknowledged = exchange.Take(Answer(request, DhcpMessageType.Acknowledge), Seconds(0.2));
        Assert.Equal("10.0.2.15", acknowledged!.YourAddress.ToString());
        Assert.Equal((1, 1), (exchange.Discovers, exchange.Requests));
    }

    [Fact]
    public void DiscoversAreRepeatedWithDoubledWaits()
    {
        TimeSpan now = TimeSpan.Zero;
        double[] expected = [1, 2, 4, 8, 16, 16, 16];
        foreach (double wait in expected)
        {
            DhcpMessage message = exchange.Next(now);
            Assert.Equal((int)now.TotalSeconds, message.Seconds);
            Assert.InRange((exchange.Due - now).TotalSeconds, wait * 0.75, wait * 1.25);
            now = exchange.Due;
        }
        Assert.Equal(expected.Length, exchange.Discovers);
        Assert.Null(exchange.LastHeard);
    }

    [Fact]
    public void AServerThatDoesNotAcknowledgeIsLeft()
    {
        DhcpMessage discover = exchange.Next(TimeSpan.Zero);
        exchange.Take(Answer(discover, DhcpMessageType.Offer), TimeSpan.Zero);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(DhcpMessageType.Request, exchange.Next(exchange.Due).Type);
        }
        Assert.Equal(DhcpMessageType.Discover, exchange.Next(exchange.Due).Type);
        Assert.Contains("answered none of 4 requests", exchange.LastHeard, StringComparison.Ordinal);
    }

    [Fact]
    public void ARefusalBeginsAnewAfterAWhile()
    {
        DhcpMessage discover = exchange.Next(TimeSpan.Zero);
        exchange.Take(Answer(discover, DhcpMessageType.Offer), TimeSpan.Zero);
        DhcpMessage request = exchange.Next(TimeSpan.Zero);
        DhcpMessage refusal = Answer(request, DhcpMessageType.Refuse);
        refusal = refusal with { Options = [.. refusal.Options, new(DhcpOptionCode.Message, "pool empty"u8.ToArray())] };
        Assert.Null(exchange.Take(refusal, Seconds(1)));
        Assert.Equal(Seconds(2), exchange.Due);
        Assert.Equal(DhcpMessageType.Discover, exchange.Next(Seconds(2)).Type);
        Assert.Equal("10.0.2.2 refused 10.0.2.15: pool empty", exchange.LastHeard);
    }

    [Fact]
    public void OnlyItsOwnAnswersCount()
    {
        DhcpMessage discover = exchange.Next(TimeSpan.Zero);
        DhcpMessage offer = Answer(discover, DhcpMessageType.Offer);
        TimeSpan due = exchange.Due;
        exchange.Take(offer with { TransactionId = offer.TransactionId + 1 }, TimeSpan.Zero);
        exchange.Take(offer with { HardwareAddress = new byte[6] }, TimeSpan.Zero);
        exchange.Take(offer with { IsReply = false }, TimeSpan.Zero);
        exchange.Take(Answer(discover, DhcpMessageType.Acknowledge), TimeSpan.Zero);
        Assert.Null(exchange.LastHeard);
        exchange.Take(offer with { YourAddress = IPAddress.Any }, TimeSpan.Zero);
        exchange.Take(offer with { Options = [offer.Options[0]] }, TimeSpan.Zero);
        Assert.Contains("without what it needs", exchange.LastHeard, StringComparison.Ordinal);
        Assert.Equal(due, exchange.Due);
    }

    [Fact]
    public void TheFirstOfferIsTakenAndNoOtherServerAcknowledges()
    {
        DhcpMessage discover = exchange.Next(TimeSpan.Zero);
        exchange.Take(Answer(discover, DhcpMessageType.Offer), TimeSpan.Zero);
        exchange.Take(Answer(discover, DhcpMessageType.Offer, "10.0.2.99"), TimeSpan.Zero);
        DhcpMessage request = exchange.Next(TimeSpan.Zero);
        Assert.Equal(Server, request.ServerIdentifier);
        Assert.Null(exchange.Take(Answer(request, DhcpMessageType.Acknowledge, "10.0.2.99"), TimeSpan.Zero));
        Assert.NotNull(exchange.Take(Answer(request, DhcpMessageType.Acknowledge), TimeSpan.Zero));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static DhcpMessage Answer(DhcpMessage asked, DhcpMessageType type, string server = "10.0.2.2") =>
        new()
        {
            IsReply = true,
            TransactionId = asked.TransactionId,
            HardwareAddress = asked.HardwareAddress,
            YourAddress = IPAddress.Parse("10.0.2.15"),
            Options =
            [
                new(DhcpOptionCode.MessageType, new byte[] { (byte)type }),
                new(DhcpOptionCode.ServerIdentifier, IPAddress.Parse(server).GetAddressBytes()),
            ],
        };
}
