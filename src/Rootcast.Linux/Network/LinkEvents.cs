using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Network;

/// <summary>Tells that some link has changed: come, gone, up, down, carrier. What has changed is read from <see cref="NetworkLinks"/>.</summary>
public sealed unsafe class LinkEvents : IDisposable
{
    private readonly byte[] buffer = new byte[8192];

    private LinkEvents(SafeFileHandle handle) => Handle = handle;

    /// <summary>To wait on with <see cref="Events.Poll"/>.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Listens from now on; changes before are not told of, so open it before the links are read.</summary>
    public static LinkEvents Open() => new(RouteSocket.Bound(RouteLayout.RTMGRP_LINK));

    /// <summary>Takes what has come, without waiting.</summary>
    /// <returns>Whether anything had.</returns>
    public bool Drain()
    {
        bool any = false;
        fixed (byte* place = buffer)
        {
            // A message that was lost (ENOBUFS) is a change too, and ends the loop: the next call goes on.
            while (Libc.recv(Handle, place, (nuint)buffer.Length, 0) > 0)
            {
                any = true;
            }
        }
        return any;
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
