namespace Rootcast.Linux.Network;

/// <summary>rtnetlink(7): numbers and lengths of linux/netlink.h, rtnetlink.h, if_link.h and if_addr.h. All in the machine's order, except
/// addresses.</summary>
internal static class RouteLayout
{
    internal const int AF_NETLINK = 16;
    internal const int NETLINK_ROUTE = 0;

    // struct nlmsghdr: u32 length, u16 type, u16 flags, u32 sequence, u32 port.
    internal const int LengthAt = 0;
    internal const int TypeAt = LengthAt + 4;
    internal const int FlagsAt = TypeAt + 2;
    internal const int SequenceAt = FlagsAt + 2;
    internal const int PortAt = SequenceAt + 4;
    internal const int HeaderBytes = PortAt + 4;

    internal const ushort NLMSG_ERROR = 2;
    internal const ushort RTM_NEWLINK = 16;
    internal const ushort RTM_NEWADDR = 20;
    internal const ushort RTM_NEWROUTE = 24;

    internal const ushort NLM_F_REQUEST = 1;
    internal const ushort NLM_F_ACK = 4;
    internal const ushort NLM_F_REPLACE = 0x100;
    internal const ushort NLM_F_CREATE = 0x400;

    /// <summary>Multicast group of link changes.</summary>
    internal const uint RTMGRP_LINK = 1;

    // struct ifinfomsg: u8 family, u8, u16 type, s32 index, u32 flags, u32 change.
    internal const int LinkIndexAt = 4;
    internal const int LinkFlagsAt = LinkIndexAt + 4;
    internal const int LinkChangeAt = LinkFlagsAt + 4;
    internal const int LinkBytes = LinkChangeAt + 4;
    internal const uint IFF_UP = 1;
    internal const ushort IFLA_MTU = 4;

    // struct ifaddrmsg: u8 family, u8 prefix length, u8 flags, u8 scope, u32 index.
    internal const int AddressPrefixAt = 1;
    internal const int AddressIndexAt = 4;
    internal const int AddressBytes = AddressIndexAt + 4;
    internal const ushort IFA_ADDRESS = 1;
    internal const ushort IFA_LOCAL = 2;
    internal const ushort IFA_BROADCAST = 4;

    // struct rtmsg: u8 family, u8 destination length, u8 source length, u8 tos, u8 table, u8 protocol, u8 scope, u8 type, u32 flags.
    internal const int RouteDestinationLengthAt = 1;
    internal const int RouteTableAt = 4;
    internal const int RouteProtocolAt = 5;
    internal const int RouteScopeAt = 6;
    internal const int RouteTypeAt = 7;
    internal const int RouteFlagsAt = 8;
    internal const int RouteBytes = RouteFlagsAt + 4;
    internal const byte RT_TABLE_MAIN = 254;
    internal const byte RTPROT_BOOT = 3;
    internal const byte RT_SCOPE_UNIVERSE = 0;
    internal const byte RT_SCOPE_LINK = 253;
    internal const byte RTN_UNICAST = 1;
    internal const uint RTNH_F_ONLINK = 4;
    internal const ushort RTA_DST = 1;
    internal const ushort RTA_OIF = 4;
    internal const ushort RTA_GATEWAY = 5;

    /// <summary>Attributes and messages begin at multiples of four.</summary>
    internal static int Align(int length) => (length + 3) & ~3;
}
