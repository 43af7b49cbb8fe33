using System.Runtime.InteropServices;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Events;

/// <summary>poll(2): the only way in which our programs on a booting machine wait.</summary>
public static unsafe class Poll
{
    private const short POLLIN = 1;
    private const short POLLPRI = 2;
    private const short POLLOUT = 4;

    /// <summary>Waits until one of the descriptors can be read (or has an error or a hang-up), at most so long.</summary>
    /// <param name="timeout">How long; negative waits forever. It is rounded up to a millisecond.</param>
    /// <param name="descriptors">At most 64.</param>
    /// <returns>The index of the first that is ready; -1 when the time is over or a signal came.</returns>
    public static int Readable(TimeSpan timeout, params ReadOnlySpan<SafeHandle> descriptors) => Wait(timeout, POLLIN, descriptors);

    /// <summary>Waits until one of the descriptors takes bytes.</summary>
    /// <inheritdoc cref="Readable"/>
    public static int Writable(TimeSpan timeout, params ReadOnlySpan<SafeHandle> descriptors) => Wait(timeout, POLLOUT, descriptors);

    /// <summary>Waits until a file of /proc that tells of changes by POLLPRI (mountinfo) has changed since it was opened or the last time it told, or a
    /// descriptor can be read.</summary>
    /// <param name="timeout">How long; negative waits forever.</param>
    /// <param name="changing">The file.</param>
    /// <param name="readable">The descriptor.</param>
    public static void Changed(TimeSpan timeout, SafeHandle changing, SafeHandle readable)
    {
        Libc.PollDescriptor* polled = stackalloc Libc.PollDescriptor[2];
        polled[0] = new Libc.PollDescriptor { fd = (int)changing.DangerousGetHandle(), events = POLLPRI };
        polled[1] = new Libc.PollDescriptor { fd = (int)readable.DangerousGetHandle(), events = POLLIN };
        if (Libc.poll(polled, 2, Milliseconds(timeout)) < 0 && Marshal.GetLastPInvokeError() is var errno and not Errno.Interrupted)
        {
            throw Syscall.Failed("wait for", "2 descriptors", errno);
        }
        GC.KeepAlive(changing);
        GC.KeepAlive(readable);
    }

    private static int Milliseconds(TimeSpan timeout) =>
        timeout < TimeSpan.Zero ? -1 : (int)Math.Min(int.MaxValue, Math.Ceiling(timeout.TotalMilliseconds));

    private static int Wait(TimeSpan timeout, short events, ReadOnlySpan<SafeHandle> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, 64, nameof(descriptors));
        Libc.PollDescriptor* polled = stackalloc Libc.PollDescriptor[descriptors.Length];
        for (int i = 0; i < descriptors.Length; i++)
        {
            polled[i] = new Libc.PollDescriptor { fd = (int)descriptors[i].DangerousGetHandle(), events = events };
        }
        int ready = Libc.poll(polled, (nuint)descriptors.Length, Milliseconds(timeout));
        if (ready < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted)
        {
            return -1;
        }
        Syscall.Check(ready, "wait for", $"{descriptors.Length} descriptors");
        for (int i = 0; i < descriptors.Length; i++)
        {
            GC.KeepAlive(descriptors[i]);
            if (polled[i].revents != 0)
            {
                return i;
            }
        }
        return -1;
    }
}
