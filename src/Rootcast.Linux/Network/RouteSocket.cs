using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Events;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Network;

/// <summary>rtnetlink(7): links, addresses and routes are set, each call waiting for the kernel's answer. Needs CAP_NET_ADMIN.</summary>
public sealed unsafe class RouteSocket : IDisposable
{
    private readonly SafeFileHandle handle;
    private readonly byte[] buffer = new byte[8192];
    private uint sequence;

    private RouteSocket(SafeFileHandle handle) => this.handle = handle;

    /// <summary>Opens the socket.</summary>
    public static RouteSocket Open() => new(Bound(0));

    /// <summary>Brings a link up.</summary>
    public void BringUp(NetworkLink link) => Ask(RouteRequest.LinkUp(link.Index), "bring up", link.Name);

    /// <summary>Sets the largest packet of a link in bytes.</summary>
    public void SetMtu(NetworkLink link, int mtu) => Ask(RouteRequest.LinkMtu(link.Index, mtu), $"set MTU {mtu} of", link.Name);

    /// <summary>Gives a link an address, with the route to its network and its broadcast address.</summary>
    public void AddAddress(NetworkLink link, IPAddress address, int prefixLength) =>
        Ask(RouteRequest.Address(link.Index, address, prefixLength), $"add address {address}/{prefixLength} to", link.Name);

    /// <summary>Adds a route.</summary>
    /// <param name="link">Over which link.</param>
    /// <param name="destination">The network.</param>
    /// <param name="prefixLength">0 is the default route.</param>
    /// <param name="gateway">Null when the network is on the link itself.</param>
    /// <param name="isOnLink">Whether the gateway is reached directly although no address of the link says so.</param>
    public void AddRoute(NetworkLink link, IPAddress destination, int prefixLength, IPAddress? gateway, bool isOnLink = false) =>
        Ask(
            RouteRequest.Route(link.Index, destination, prefixLength, gateway, isOnLink),
            $"add route to {destination}/{prefixLength}{(gateway is null ? "" : $" by {gateway}")} on",
            link.Name
        );

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    /// <summary>A bound netlink socket that hears the groups.</summary>
    internal static SafeFileHandle Bound(uint groups)
    {
        SafeFileHandle opened = Libc.OpenSocket(RouteLayout.AF_NETLINK, Libc.SOCK_RAW, RouteLayout.NETLINK_ROUTE, "rtnetlink");
        UeventSocket.AddressLayout address = new() { nl_family = RouteLayout.AF_NETLINK, nl_groups = groups };
        Syscall.Check(Libc.bind(opened, &address, (uint)sizeof(UeventSocket.AddressLayout)), "bind socket", "rtnetlink");
        return opened;
    }

    private void Ask(RouteRequest request, string operation, string target)
    {
        ReadOnlySpan<byte> message = request.Bytes(++sequence);
        fixed (byte* from = message)
        {
            Syscall.Check((long)Libc.send(handle, from, (nuint)message.Length, 0), operation, target);
        }
        while (true)
        {
            nint got;
            fixed (byte* place = buffer)
            {
                got = Libc.recv(handle, place, (nuint)buffer.Length, 0);
            }
            if (got >= 0 && RouteAnswer.Find(buffer.AsSpan(0, (int)got), sequence) is { } errno)
            {
                if (errno != 0)
                {
                    throw Syscall.Failed(operation, target, errno);
                }
                return;
            }
            if (got < 0)
            {
                int failure = Marshal.GetLastPInvokeError();
                if (failure is not (Errno.TryAgain or Errno.Interrupted))
                {
                    throw Syscall.Failed(operation, target, failure);
                }
                // The kernel answers within the send; this is for the interrupted call.
                Poll.Readable(TimeSpan.FromSeconds(1), handle);
            }
        }
    }
}
