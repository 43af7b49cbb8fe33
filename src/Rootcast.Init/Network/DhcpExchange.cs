using System.Net;
using Rootcast.Protocols.Dhcp;

namespace Rootcast.Init.Network;

/// <summary>A DHCP client's side of getting one lease on one link (RFC 2131 section 3.1), without clock or socket: it is told the time and what
/// came, and says what to send and when.</summary>
/// <remarks>A link whose switch port is not forwarding yet swallows the first messages. The RFC begins to repeat after 4 seconds; we begin after
/// one, since nobody else is waiting for as short a time as a machine that boots, and double up to 16.</remarks>
public sealed class DhcpExchange
{
    /// <summary>UDP port of clients.</summary>
    public const int ClientPort = 68;

    /// <summary>UDP port of servers and relays.</summary>
    public const int ServerPort = 67;

    private const int RequestsPerOffer = 4;
    private const int LargestMessage = 1472;
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(16);

    private static readonly byte[] Wanted =
    [
        (byte)DhcpOptionCode.SubnetMask,
        (byte)DhcpOptionCode.ClasslessRoutes,
        (byte)DhcpOptionCode.Router,
        (byte)DhcpOptionCode.DomainNameServer,
        (byte)DhcpOptionCode.HostName,
        (byte)DhcpOptionCode.DomainName,
        (byte)DhcpOptionCode.InterfaceMtu,
    ];

    private readonly ReadOnlyMemory<byte> hardwareAddress;
    private readonly Random random;
    private readonly TimeSpan started;
    private readonly uint transaction;
    private DhcpMessage? offer;
    private int requestsForOffer;
    private TimeSpan wait = FirstWait;

    /// <summary>Begins: the first message is due at once.</summary>
    /// <param name="hardwareAddress">The link's.</param>
    /// <param name="random">For the transaction's number and the spread of the waits.</param>
    /// <param name="now">By any clock that only goes forward.</param>
    public DhcpExchange(ReadOnlyMemory<byte> hardwareAddress, Random random, TimeSpan now)
    {
        this.hardwareAddress = hardwareAddress;
        this.random = random;
        started = now;
        transaction = (uint)random.NextInt64(1, uint.MaxValue);
        Due = now;
    }

    /// <summary>When <see cref="Next"/> is to be called.</summary>
    public TimeSpan Due { get; private set; }

    /// <summary>How many DHCPDISCOVERs it has given out.</summary>
    public int Discovers { get; private set; }

    /// <summary>How many DHCPREQUESTs it has given out.</summary>
    public int Requests { get; private set; }

    /// <summary>The last thing that a server said short of giving the lease, for people; null when none said anything.</summary>
    public string? LastHeard { get; private set; }

    /// <summary>The message that is to be sent now; sets <see cref="Due"/> for its repetition.</summary>
    public DhcpMessage Next(TimeSpan now)
    {
        if (offer is not null && requestsForOffer == RequestsPerOffer)
        {
            // That server is gone, or does not mean it.
            LastHeard = $"{offer.ServerIdentifier} offered {offer.YourAddress}, but answered none of {requestsForOffer} requests";
            offer = null;
            wait = FirstWait;
        }
        // A quarter more or less, so that a rack that was switched on at once does not ask in step.
        Due = now + (wait * (0.75 + (random.NextDouble() / 2)));
        wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        List<DhcpOption> options =
        [
            new(DhcpOptionCode.MessageType, Byte(offer is null ? DhcpMessageType.Discover : DhcpMessageType.Request)),
        ];
        if (offer is null)
        {
            Discovers++;
        }
        else
        {
            Requests++;
            requestsForOffer++;
            options.Add(new(DhcpOptionCode.RequestedAddress, offer.YourAddress.GetAddressBytes()));
            options.Add(new(DhcpOptionCode.ServerIdentifier, offer.Data(DhcpOptionCode.ServerIdentifier)));
        }
        options.Add(new(DhcpOptionCode.LargestMessage, new byte[] { LargestMessage >> 8, LargestMessage & 0xFF }));
        options.Add(new(DhcpOptionCode.ParameterList, Wanted));
        return new DhcpMessage
        {
            TransactionId = transaction,
            Seconds = (ushort)Math.Min(ushort.MaxValue, (now - started).TotalSeconds),
            HardwareAddress = hardwareAddress,
            Options = options,
        };
    }

    /// <summary>Takes a message that came; what is not for this exchange is ignored.</summary>
    /// <returns>The DHCPACK when the lease is ours; else null.</returns>
    public DhcpMessage? Take(DhcpMessage message, TimeSpan now)
    {
        if (!message.IsReply || message.TransactionId != transaction || !message.HardwareAddress.Span.SequenceEqual(hardwareAddress.Span))
        {
            return null;
        }
        switch (message.Type)
        {
            case DhcpMessageType.Offer when offer is null:
                TakeOffer(message, now);
                return null;
            case DhcpMessageType.Acknowledge when offer is not null && IsFromItsServer(message) && IsAddress(message.YourAddress):
                return message;
            case DhcpMessageType.Refuse when offer is not null && IsFromItsServer(message):
                LastHeard = $"{message.ServerIdentifier} refused {offer.YourAddress}{(message.Message is { } why ? $": {why}" : "")}";
                offer = null;
                wait = FirstWait;
                // Not at once: two that disagree would go round as fast as the network can.
                Due = now + wait;
                return null;
            default:
                return null;
        }
    }

    private void TakeOffer(DhcpMessage message, TimeSpan now)
    {
        if (message.ServerIdentifier is null || !IsAddress(message.YourAddress))
        {
            LastHeard = $"an offer of {message.YourAddress} without what it needs (address, server identifier)";
            return;
        }
        offer = message;
        LastHeard = $"{message.ServerIdentifier} offered {message.YourAddress}";
        requestsForOffer = 0;
        wait = FirstWait;
        Due = now;
    }

    private bool IsFromItsServer(DhcpMessage message) =>
        message.ServerIdentifier is not { } server || server.Equals(offer!.ServerIdentifier);

    private static bool IsAddress(IPAddress address) => !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.Broadcast);

    private static byte[] Byte(DhcpMessageType type) => [(byte)type];
}
