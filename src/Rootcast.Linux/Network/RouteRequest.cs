using System.Buffers.Binary;
using System.Net;

namespace Rootcast.Linux.Network;

/// <summary>Builds one rtnetlink message: header, the message's own structure, attributes. The kernel's answer is asked for.</summary>
internal sealed class RouteRequest
{
    private readonly byte[] bytes = new byte[256];
    private int length;

    private RouteRequest(ushort type, ushort flags, int bodyBytes)
    {
        length = RouteLayout.HeaderBytes + bodyBytes;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(RouteLayout.TypeAt), type);
        BinaryPrimitives.WriteUInt16LittleEndian(
            bytes.AsSpan(RouteLayout.FlagsAt),
            (ushort)(RouteLayout.NLM_F_REQUEST | RouteLayout.NLM_F_ACK | flags)
        );
    }

    private Span<byte> Body => bytes.AsSpan(RouteLayout.HeaderBytes);

    /// <summary>Brings a link up.</summary>
    internal static RouteRequest LinkUp(int index)
    {
        RouteRequest request = Link(index);
        BinaryPrimitives.WriteUInt32LittleEndian(request.Body[RouteLayout.LinkFlagsAt..], RouteLayout.IFF_UP);
        BinaryPrimitives.WriteUInt32LittleEndian(request.Body[RouteLayout.LinkChangeAt..], RouteLayout.IFF_UP);
        return request;
    }

    /// <summary>Sets the largest packet of a link.</summary>
    internal static RouteRequest LinkMtu(int index, int mtu)
    {
        RouteRequest request = Link(index);
        Span<byte> value = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(value, mtu);
        request.Add(RouteLayout.IFLA_MTU, value);
        return request;
    }

    /// <summary>Gives a link an address; one that it has already stays.</summary>
    internal static RouteRequest Address(int index, IPAddress address, int prefixLength)
    {
        RouteRequest request = new(RouteLayout.RTM_NEWADDR, RouteLayout.NLM_F_CREATE | RouteLayout.NLM_F_REPLACE, RouteLayout.AddressBytes);
        request.Body[0] = (byte)SocketAddressLayout.FamilyOf(address);
        request.Body[RouteLayout.AddressPrefixAt] = (byte)prefixLength;
        BinaryPrimitives.WriteInt32LittleEndian(request.Body[RouteLayout.AddressIndexAt..], index);
        byte[] value = address.GetAddressBytes();
        request.Add(RouteLayout.IFA_LOCAL, value);
        request.Add(RouteLayout.IFA_ADDRESS, value);
        const int longestWithBroadcast = 30;
        if (value.Length == 4 && prefixLength <= longestWithBroadcast)
        {
            uint number = BinaryPrimitives.ReadUInt32BigEndian(value);
            BinaryPrimitives.WriteUInt32BigEndian(value, number | (uint)(uint.MaxValue >> prefixLength));
            request.Add(RouteLayout.IFA_BROADCAST, value);
        }
        return request;
    }

    /// <summary>Adds a route, or puts it into the place of one to the same destination.</summary>
    /// <param name="index">The link.</param>
    /// <param name="destination">The network.</param>
    /// <param name="prefixLength">0 is the default route.</param>
    /// <param name="gateway">Null when the network is on the link itself.</param>
    /// <param name="isOnLink">Whether the gateway is reached directly although no address says so.</param>
    internal static RouteRequest Route(int index, IPAddress destination, int prefixLength, IPAddress? gateway, bool isOnLink)
    {
        RouteRequest request = new(RouteLayout.RTM_NEWROUTE, RouteLayout.NLM_F_CREATE | RouteLayout.NLM_F_REPLACE, RouteLayout.RouteBytes);
        Span<byte> body = request.Body;
        body[0] = (byte)SocketAddressLayout.FamilyOf(destination);
        body[RouteLayout.RouteDestinationLengthAt] = (byte)prefixLength;
        body[RouteLayout.RouteTableAt] = RouteLayout.RT_TABLE_MAIN;
        body[RouteLayout.RouteProtocolAt] = RouteLayout.RTPROT_BOOT;
        body[RouteLayout.RouteScopeAt] = gateway is null ? RouteLayout.RT_SCOPE_LINK : RouteLayout.RT_SCOPE_UNIVERSE;
        body[RouteLayout.RouteTypeAt] = RouteLayout.RTN_UNICAST;
        BinaryPrimitives.WriteUInt32LittleEndian(body[RouteLayout.RouteFlagsAt..], isOnLink ? RouteLayout.RTNH_F_ONLINK : 0);
        if (prefixLength > 0)
        {
            request.Add(RouteLayout.RTA_DST, destination.GetAddressBytes());
        }
        if (gateway is not null)
        {
            request.Add(RouteLayout.RTA_GATEWAY, gateway.GetAddressBytes());
        }
        Span<byte> value = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(value, index);
        request.Add(RouteLayout.RTA_OIF, value);
        return request;
    }

    /// <summary>The message.</summary>
    internal ReadOnlySpan<byte> Bytes(uint sequence)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(RouteLayout.SequenceAt), sequence);
        return bytes.AsSpan(0, length);
    }

    private static RouteRequest Link(int index)
    {
        RouteRequest request = new(RouteLayout.RTM_NEWLINK, 0, RouteLayout.LinkBytes);
        BinaryPrimitives.WriteInt32LittleEndian(request.Body[RouteLayout.LinkIndexAt..], index);
        return request;
    }

    private void Add(ushort type, ReadOnlySpan<byte> value)
    {
        const int headerBytes = 4;
        Span<byte> place = bytes.AsSpan(length);
        BinaryPrimitives.WriteUInt16LittleEndian(place, (ushort)(headerBytes + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(place[2..], type);
        value.CopyTo(place[headerBytes..]);
        length += RouteLayout.Align(headerBytes + value.Length);
    }
}
