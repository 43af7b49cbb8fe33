using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Events;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Network;

/// <summary>A TCP connection, or a UDP socket that speaks with one peer. Everything waits with a bound: when it is over the call fails with
/// <see cref="Errno.TimedOut"/>. System.Net.Sockets would do the same with an
/// event thread and 390 KB more of program (150 KB compressed).</summary>
public sealed unsafe class InternetSocket : IByteConnection
{
    private readonly string peer;

    private InternetSocket(SafeFileHandle handle, string peer)
    {
        Handle = handle;
        this.peer = peer;
    }

    /// <summary>To wait on with <see cref="Poll"/>.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Connects by TCP.</summary>
    public static InternetSocket ConnectTcp(IPAddress address, int port, TimeSpan timeout)
    {
        InternetSocket socket = Open(Libc.SOCK_STREAM, address, port);
        try
        {
            socket.Connect(address, port, timeout);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A UDP socket that sends to one peer and hears nobody else.</summary>
    public static InternetSocket ConnectUdp(IPAddress address, int port)
    {
        InternetSocket socket = Open(Libc.SOCK_DGRAM, address, port);
        try
        {
            socket.Connect(address, port, TimeSpan.Zero);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int Read(Span<byte> buffer, TimeSpan timeout)
    {
        TimeSpan end = default;
        while (true)
        {
            nint got;
            fixed (byte* place = buffer)
            {
                got = Libc.recv(Handle, place, (nuint)buffer.Length, 0);
            }
            if (got >= 0)
            {
                return (int)got;
            }
            WaitAgain(Marshal.GetLastPInvokeError(), "read from", timeout, ref end, reading: true);
        }
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes, TimeSpan timeout)
    {
        TimeSpan end = default;
        while (!bytes.IsEmpty)
        {
            nint put;
            fixed (byte* from = bytes)
            {
                put = Libc.send(Handle, from, (nuint)bytes.Length, Libc.MSG_NOSIGNAL);
            }
            if (put >= 0)
            {
                bytes = bytes[(int)put..];
                end = default;
                continue;
            }
            WaitAgain(Marshal.GetLastPInvokeError(), "write to", timeout, ref end, reading: false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    private static InternetSocket Open(int type, IPAddress address, int port)
    {
        string name = $"{(type == Libc.SOCK_STREAM ? "tcp" : "udp")} {new IPEndPoint(address, port)}";
        return new InternetSocket(Libc.OpenSocket(SocketAddressLayout.FamilyOf(address), type, 0, name), name);
    }

    private void Connect(IPAddress address, int port, TimeSpan timeout)
    {
        Span<byte> place = stackalloc byte[SocketAddressLayout.Longest];
        int length = SocketAddressLayout.WriteInternet(place, address, port);
        int result;
        fixed (byte* at = place)
        {
            result = Libc.connect(Handle, at, (uint)length);
        }
        if (result == 0)
        {
            return;
        }
        int errno = Marshal.GetLastPInvokeError();
        if (errno != Errno.InProgress)
        {
            throw Syscall.Failed("connect to", peer, errno);
        }
        TimeSpan end = BootClock.Now + timeout;
        while (Poll.Writable(Left(end), Handle) < 0)
        {
            if (BootClock.Now >= end)
            {
                throw Syscall.Failed("connect to", peer, Errno.TimedOut);
            }
        }
        int failure = 0;
        uint size = sizeof(int);
        Syscall.Check(Libc.getsockopt(Handle, Libc.SOL_SOCKET, Libc.SO_ERROR, &failure, &size), "connect to", peer);
        if (failure != 0)
        {
            throw Syscall.Failed("connect to", peer, failure);
        }
    }

    /// <summary>After a call that could not be done at once: waits until it can, or throws.</summary>
    internal void WaitAgain(int errno, string operation, TimeSpan timeout, ref TimeSpan end, bool reading)
    {
        if (errno == Errno.Interrupted)
        {
            return;
        }
        if (errno != Errno.TryAgain)
        {
            throw Syscall.Failed(operation, peer, errno);
        }
        if (end == default)
        {
            end = BootClock.Now + timeout;
        }
        TimeSpan left = Left(end);
        if (left == TimeSpan.Zero)
        {
            throw Syscall.Failed(operation, peer, Errno.TimedOut);
        }
        _ = reading ? Poll.Readable(left, Handle) : Poll.Writable(left, Handle);
    }

    private static TimeSpan Left(TimeSpan end) => end - BootClock.Now is { Ticks: > 0 } left ? left : TimeSpan.Zero;
}
