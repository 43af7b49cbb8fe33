using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Network;

/// <summary>IPv4 packets of one link without any address configured: packet(7), SOCK_DGRAM. What comes is seen before the kernel's own IP looks
/// at it, so packets to an address that is only being given arrive too.</summary>
public sealed unsafe class PacketSocket : IDisposable
{
    private const ushort ETH_P_IP = 0x0800;
    private readonly int index;
    private readonly string name;

    private PacketSocket(SafeFileHandle handle, NetworkLink link)
    {
        Handle = handle;
        index = link.Index;
        name = link.Name;
    }

    /// <summary>To wait on with <see cref="Events.Poll"/>.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Opens the socket on a link. Needs CAP_NET_RAW, and the module af_packet where it is one.</summary>
    public static PacketSocket Open(NetworkLink link)
    {
        // Protocol 0 hears nothing until it is bound, so no packet of another link slips in.
        SafeFileHandle handle = Libc.OpenSocket(SocketAddressLayout.AF_PACKET, Libc.SOCK_DGRAM, 0, $"packets of {link.Name}");
        Span<byte> address = stackalloc byte[SocketAddressLayout.Longest];
        int length = SocketAddressLayout.WritePacket(address, ETH_P_IP, link.Index, []);
        fixed (byte* place = address)
        {
            Syscall.Check(Libc.bind(handle, place, (uint)length), "bind packet socket to", link.Name);
        }
        return new PacketSocket(handle, link);
    }

    /// <summary>Sends a packet.</summary>
    /// <param name="packet">Beginning with its IP header.</param>
    /// <param name="hardwareAddress">To whom on the link; at most 8 bytes.</param>
    public void Send(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> hardwareAddress)
    {
        Span<byte> address = stackalloc byte[SocketAddressLayout.Longest];
        int length = SocketAddressLayout.WritePacket(address, ETH_P_IP, index, hardwareAddress);
        fixed (byte* place = address)
        fixed (byte* from = packet)
        {
            Syscall.Check((long)Libc.sendto(Handle, from, (nuint)packet.Length, 0, place, (uint)length), "send packet on", name);
        }
    }

    /// <summary>The next packet that is there, without waiting.</summary>
    /// <returns>Its bytes; -1 when there is none, or the link went down.</returns>
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* place = buffer)
        {
            nint got = Libc.recv(Handle, place, (nuint)buffer.Length, 0);
            if (got >= 0)
            {
                return (int)got;
            }
        }
        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.TryAgain or Errno.Interrupted or Errno.NetworkDown or Errno.NoSuchDeviceOrAddress
            ? -1
            : throw Syscall.Failed("receive packet on", name, errno);
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
