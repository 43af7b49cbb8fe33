using Rootcast.Linux.Native;

namespace Rootcast.Linux.Events;

/// <summary>CLOCK_BOOTTIME: the time since the kernel's start, suspends included.</summary>
public static unsafe class BootClock
{
    private const int CLOCK_BOOTTIME = 7;

    /// <summary>Now, to 100 ns.</summary>
    public static TimeSpan Now
    {
        get
        {
            Libc.TimeValue value;
            Syscall.Check(Libc.clock_gettime(CLOCK_BOOTTIME, &value), "read", "CLOCK_BOOTTIME");
            return TimeSpan.FromTicks((value.tv_sec * TimeSpan.TicksPerSecond) + (value.tv_nsec / 100));
        }
    }
}
