using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Rootcast.Linux.Network;

/// <summary>struct sockaddr_in, sockaddr_in6 and sockaddr_ll (bits/socket.h, linux/if_packet.h). Families and indexes are in the machine's order,
/// ports and protocols big-endian.</summary>
internal static class SocketAddressLayout
{
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;
    internal const int AF_PACKET = 17;
    internal const int Longest = 28;
    private const int InetBytes = 16;
    private const int PacketBytes = 20;

    /// <summary>Writes an internet address and tells its length.</summary>
    internal static int WriteInternet(Span<byte> place, IPAddress address, int port)
    {
        place.Clear();
        bool isVersion4 = address.AddressFamily == AddressFamily.InterNetwork;
        BinaryPrimitives.WriteUInt16LittleEndian(place, (ushort)FamilyOf(address));
        BinaryPrimitives.WriteUInt16BigEndian(place[2..], (ushort)port);
        address.TryWriteBytes(place[(isVersion4 ? 4 : 8)..], out _);
        if (!isVersion4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(place[24..], (uint)address.ScopeId);
        }
        return isVersion4 ? InetBytes : Longest;
    }

    /// <summary>Writes a link-level address and tells its length.</summary>
    internal static int WritePacket(Span<byte> place, ushort protocol, int index, ReadOnlySpan<byte> hardwareAddress)
    {
        place.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(place, AF_PACKET);
        BinaryPrimitives.WriteUInt16BigEndian(place[2..], protocol);
        BinaryPrimitives.WriteInt32LittleEndian(place[4..], index);
        place[11] = (byte)hardwareAddress.Length;
        hardwareAddress.CopyTo(place.Slice(12, 8));
        return PacketBytes;
    }

    internal static int FamilyOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? AF_INET : AF_INET6;
}
