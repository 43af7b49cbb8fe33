using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Events;

/// <summary>The kernel's device messages: a netlink socket of NETLINK_KOBJECT_UEVENT, group 1.</summary>
public sealed unsafe class UeventSocket : IDisposable
{
    private const int AF_NETLINK = 16;
    private const int SOCK_DGRAM_CLOEXEC_NONBLOCK = 2 | 0x80000 | 0x800;
    private const int NETLINK_KOBJECT_UEVENT = 15;
    private const int SOL_SOCKET = 1;
    private const int SO_RCVBUFFORCE = 33;
    private readonly byte[] buffer = new byte[16384];

    private UeventSocket(SafeFileHandle handle) => Handle = handle;

    /// <summary>To wait on with <see cref="Poll"/>.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Opens the socket; messages from now on are kept, so open it before /sys is walked.</summary>
    public static UeventSocket Open()
    {
        SafeFileHandle handle = Libc.socket(AF_NETLINK, SOCK_DGRAM_CLOEXEC_NONBLOCK, NETLINK_KOBJECT_UEVENT);
        Syscall.Check(handle.IsInvalid ? -1 : 0, "open socket", "kobject uevents");
        // A machine with many disks sends a flood; where we may not ask for so much the default stays.
        int bytes = 4 << 20;
        _ = Libc.setsockopt(handle, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(int));
        AddressLayout address = new() { nl_family = AF_NETLINK, nl_groups = 1 };
        Syscall.Check(Libc.bind(handle, &address, (uint)sizeof(AddressLayout)), "bind socket", "kobject uevents");
        return new UeventSocket(handle);
    }

    /// <summary>The next message that is there, without waiting; null when there is none.</summary>
    public Uevent? Receive()
    {
        while (true)
        {
            AddressLayout sender;
            uint senderLength = (uint)sizeof(AddressLayout);
            nint length;
            fixed (byte* place = buffer)
            {
                length = Libc.recvfrom(Handle, place, (nuint)buffer.Length, 0, &sender, &senderLength);
            }
            if (length < 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                const int noBuffers = 105;
                if (errno is Errno.Interrupted or noBuffers)
                {
                    // Lost messages: the caller looks at /sys again anyway whenever anything arrives.
                    continue;
                }
                return errno == Errno.TryAgain ? null : throw Syscall.Failed("receive", "kobject uevents", errno);
            }
            // Only the kernel (port 0) may tell of devices.
            if (sender.nl_pid == 0 && Uevent.Parse(buffer.AsSpan(0, (int)length)) is { } uevent)
            {
                return uevent;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    /// <summary>struct sockaddr_nl.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct AddressLayout
    {
        internal ushort nl_family;
        internal ushort nl_pad;
        internal uint nl_pid;
        internal uint nl_groups;
    }
}
