using System.Net;
using Rootcast.Contract;
using Rootcast.Init.Network;
using Rootcast.Linux.Events;
using Rootcast.Linux.Network;
using Rootcast.Protocols.Dhcp;
using Rootcast.Protocols.Ip;

namespace Rootcast.Tests;

/// <summary>A real kernel link whose other end is a DHCP server in this process; ip(8) judges what was configured. Addresses are those of
/// RFC 5737, and no default route is set, so the host's own network does not notice.</summary>
public sealed class LinkBringUpTests
{
    private readonly List<string> said = [];

    [Fact]
    public void ALeaseBecomesAddressRouteAndMtu()
    {
        using VethPair pair = new();
        using Responder responder = new(pair);
        ConfiguredLink configured = Run(pair, "dhcp", TimeSpan.FromSeconds(20));
        Assert.Equal("192.0.2.15", configured.Configuration.Address.ToString());
        Assert.Contains("inet 192.0.2.15/24 brd 192.0.2.255", VethPair.Ip($"addr show dev {pair.ClientName}"), StringComparison.Ordinal);
        Assert.Contains("198.51.100.0/24 via 192.0.2.2", VethPair.Ip($"route show dev {pair.ClientName}"), StringComparison.Ordinal);
        Assert.Contains("mtu 1400", VethPair.Ip($"link show dev {pair.ClientName}"), StringComparison.Ordinal);
        Assert.Contains("domain=lab.example\n", configured.Facts, StringComparison.Ordinal);
    }

    [Fact]
    public void ALostDiscoverIsRepeated()
    {
        using VethPair pair = new();
        using Responder responder = new(pair) { Ignored = 1 };
        Assert.Equal("192.0.2.15", Run(pair, "dhcp", TimeSpan.FromSeconds(20)).Configuration.Address.ToString());
        Assert.True(responder.Heard >= 3, $"{responder.Heard} messages");
    }

    [Fact]
    public void ACarrierThatComesLateIsWaitedFor()
    {
        using VethPair pair = new();
        using Responder responder = new(pair, bringUp: false);
        Thread plug = new(() => VethPair.Ip($"link set {pair.ServerName} up"));
        said.Clear();
        // The link is looked at before the other end comes up: the plug waits for that.
        using LinkBringUp bringUp = new(
            IpArgument.Parse("dhcp"),
            () => [pair.Client],
            text =>
            {
                said.Add(text);
                if (text.StartsWith("brings up", StringComparison.Ordinal))
                {
                    plug.Start();
                }
            },
            null
        );
        Assert.Equal("192.0.2.15", bringUp.Run(TimeSpan.FromSeconds(20)).Configuration.Address.ToString());
        plug.Join();
    }

    [Fact]
    public void SilenceIsSaidWithWhatWasTried()
    {
        using VethPair pair = new();
        VethPair.Ip($"link set {pair.ServerName} up");
        UserError error = Assert.Throws<UserError>(() => Run(pair, "dhcp", TimeSpan.FromMilliseconds(200)));
        Assert.Contains("no DHCP answer after 0 s", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"{pair.ClientName} (no device, {pair.Client.HardwareAddressText}): carrier, ",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("discovers and 0 requests sent, no answer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingCarrierIsSaid()
    {
        using VethPair pair = new();
        UserError error = Assert.Throws<UserError>(() => Run(pair, "dhcp", TimeSpan.FromMilliseconds(100)));
        Assert.Contains(
            $"{pair.ClientName} (no device, {pair.Client.HardwareAddressText}): no carrier",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ARouteThatTheKernelRefusesDoesNotStopTheBoot()
    {
        using VethPair pair = new();
        VethPair.Ip($"link set {pair.ServerName} up");
        using RouteSocket kernel = RouteSocket.Open();
        kernel.BringUp(pair.Client);
        // Host bits behind the prefix, and an MTU that no veth has.
        LinkConfiguration configuration = new()
        {
            Address = IPAddress.Parse("192.0.2.15"),
            PrefixLength = 24,
            Routes = [new DhcpRoute(IPAddress.Parse("198.51.100.7"), 24, IPAddress.Parse("192.0.2.2"))],
            Mtu = 100_000,
        };
        configuration.Apply(kernel, pair.Client, said.Add);
        Assert.Contains("inet 192.0.2.15/24", VethPair.Ip($"addr show dev {pair.ClientName}"), StringComparison.Ordinal);
        Assert.Equal(2, said.Count);
        Assert.Contains($"set MTU 100000 of {pair.ClientName}: Invalid argument", said[0], StringComparison.Ordinal);
        Assert.Contains("add route to 198.51.100.7/24 by 192.0.2.2", said[1], StringComparison.Ordinal);
    }

    [Fact]
    public void AStaticAddressIsConfigured()
    {
        using VethPair pair = new();
        VethPair.Ip($"link set {pair.ServerName} up");
        ConfiguredLink configured = Run(pair, $"192.0.2.77:::255.255.255.128::{pair.ClientName}:none", TimeSpan.FromSeconds(20));
        Assert.Contains("inet 192.0.2.77/25 brd 192.0.2.127", VethPair.Ip($"addr show dev {pair.ClientName}"), StringComparison.Ordinal);
        Assert.Null(configured.Configuration.DhcpServer);
    }

    [Fact]
    public void AnotherLinkThanTheNamedOneIsLeftAlone()
    {
        using VethPair pair = new();
        Assert.Throws<UserError>(() => Run(pair, "other:dhcp", TimeSpan.FromMilliseconds(50)));
        Assert.Empty(said);
    }

    private ConfiguredLink Run(VethPair pair, string ip, TimeSpan timeout)
    {
        using LinkBringUp bringUp = new(IpArgument.Parse(ip), () => [pair.Client], said.Add, null);
        return bringUp.Run(timeout);
    }

    /// <summary>The server on the other end.</summary>
    private sealed class Responder : IDisposable
    {
        private readonly PacketSocket socket;
        private readonly Thread thread;
        private volatile bool isStopped;

        public Responder(VethPair pair, bool bringUp = true)
        {
            if (bringUp)
            {
                VethPair.Ip($"link set {pair.ServerName} up");
            }
            socket = PacketSocket.Open(pair.Server);
            thread = new Thread(Run) { IsBackground = true };
            thread.Start();
        }

        public int Ignored { get; init; }

        public int Heard { get; private set; }

        public void Dispose()
        {
            isStopped = true;
            thread.Join();
            socket.Dispose();
        }

        private void Run()
        {
            byte[] buffer = new byte[2048];
            while (!isStopped)
            {
                Poll.Readable(TimeSpan.FromMilliseconds(20), socket.Handle);
                int length = socket.Receive(buffer);
                if (
                    length < 0
                    || !UdpPacketReader.TryRead(buffer.AsSpan(0, length), out UdpPacket udp)
                    || udp.Destination.Port != DhcpExchange.ServerPort
                )
                {
                    continue;
                }
                DhcpMessage asked = DhcpReader.Read(udp.Payload);
                if (Heard++ < Ignored)
                {
                    continue;
                }
                byte[] packet = UdpPacketWriter.Write(
                    new IPEndPoint(IPAddress.Parse("192.0.2.2"), DhcpExchange.ServerPort),
                    new IPEndPoint(IPAddress.Parse("192.0.2.15"), DhcpExchange.ClientPort),
                    DhcpWriter.Write(Answer(asked))
                );
                // Unicast to an address that the client does not have yet, as servers do.
                socket.Send(packet, asked.HardwareAddress.Span);
            }
        }

        private static DhcpMessage Answer(DhcpMessage asked)
        {
            DhcpMessageType type = asked.Type == DhcpMessageType.Discover ? DhcpMessageType.Offer : DhcpMessageType.Acknowledge;
            return new DhcpMessage
            {
                IsReply = true,
                TransactionId = asked.TransactionId,
                HardwareAddress = asked.HardwareAddress,
                YourAddress = IPAddress.Parse("192.0.2.15"),
                Options =
                [
                    new(DhcpOptionCode.MessageType, new byte[] { (byte)type }),
                    new(DhcpOptionCode.ServerIdentifier, new byte[] { 192, 0, 2, 2 }),
                    new(DhcpOptionCode.SubnetMask, new byte[] { 255, 255, 255, 0 }),
                    new(DhcpOptionCode.ClasslessRoutes, new byte[] { 24, 198, 51, 100, 192, 0, 2, 2 }),
                    new(DhcpOptionCode.InterfaceMtu, new byte[] { 5, 0x78 }),
                    new(DhcpOptionCode.DomainName, "lab.example"u8.ToArray()),
                ],
            };
        }
    }
}
