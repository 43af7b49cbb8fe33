using System.Buffers.Binary;
using System.Net;
using Rootcast.Protocols.Dhcp;

namespace Rootcast.Server.ProxyDhcp;

/// <summary>Of a network of its own: gives addresses (RFC 2131), and tells machines that boot over the network what to load in the same answer.</summary>
/// <param name="pool">The addresses.</param>
/// <param name="prefixLength">Of the network.</param>
public sealed class DhcpRules(AddressPool pool, int prefixLength)
{
    /// <summary>A message to port 67.</summary>
    /// <param name="request">The message.</param>
    /// <param name="place">This server.</param>
    /// <param name="now">The time.</param>
    public DhcpDecision Take(DhcpMessage request, ServerPlace place, DateTimeOffset now)
    {
        if (ProxyDhcpRules.Unfit(request) is { } unfit)
        {
            return DhcpDecision.Ignore(unfit);
        }
        NetworkClient client = NetworkClient.Of(request);
        if (request.ServerIdentifier is { } server && !server.Equals(place.Address))
        {
            return DhcpDecision.Ignore($"it has chosen the server {server}");
        }
        switch (request.Type)
        {
            case DhcpMessageType.Discover:
                return pool.Find(client.HardwareAddress, request.RequestedAddress, now) is { } free
                    ? Give(request, client, DhcpMessageType.Offer, free, place)
                    : DhcpDecision.Ignore("all addresses are given");
            case DhcpMessageType.Request:
                IPAddress wanted = request.RequestedAddress ?? request.ClientAddress;
                return pool.TryTake(client.HardwareAddress, wanted, now)
                    ? Give(request, client, DhcpMessageType.Acknowledge, wanted, place)
                    : new DhcpDecision(
                        BootReply.To(request, DhcpMessageType.Refuse, place, []) with
                        {
                            ClientAddress = IPAddress.Any,
                        },
                        new IPEndPoint(IPAddress.Broadcast, DhcpDecision.ClientPort),
                        $"refused {wanted}: it is not free or not of this network"
                    );
            case DhcpMessageType.Inform:
                return Answer(
                    request,
                    client,
                    BootReply.To(request, DhcpMessageType.Acknowledge, place, [Mask()]),
                    place,
                    "told, has an address"
                );
            case DhcpMessageType.Release or DhcpMessageType.Decline:
                pool.Release(client.HardwareAddress);
                return DhcpDecision.Ignore($"{request.Type}, its address is free again");
            default:
                return DhcpDecision.Ignore($"{request.Type} is none of a client");
        }
    }

    private DhcpDecision Give(DhcpMessage request, NetworkClient client, DhcpMessageType type, IPAddress address, ServerPlace place)
    {
        byte[] seconds = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(seconds, (uint)AddressPool.Lease.TotalSeconds);
        DhcpMessage reply = BootReply.To(request, type, place, [new(DhcpOptionCode.LeaseTime, seconds), Mask()]) with
        {
            YourAddress = address,
        };
        return Answer(request, client, reply, place, $"{(type == DhcpMessageType.Offer ? "offered" : "given")} {address}");
    }

    private static DhcpDecision Answer(DhcpMessage request, NetworkClient client, DhcpMessage reply, ServerPlace place, string what)
    {
        BootFile file = BootFile.For(client, place);
        return file.Name is { } name
            ? new DhcpDecision(
                BootReply.WithFile(reply, request, client, name, place, isProxy: false),
                BootReply.Target(request),
                $"{what}; {file.Reason}: {name}"
            )
            : new DhcpDecision(reply, BootReply.Target(request), $"{what}; {file.Reason}");
    }

    private DhcpOption Mask()
    {
        byte[] mask = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(mask, uint.MaxValue << (32 - prefixLength));
        return new DhcpOption(DhcpOptionCode.SubnetMask, mask);
    }
}
