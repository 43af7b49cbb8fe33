using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Processes;

/// <summary>A descriptor that stands for a process (pidfd_open(2), Linux 5.3): it can be read when the process has ended.</summary>
public static class ProcessHandle
{
    private const int PidfdOpen = 434;
    private const int PidfdGetFd = 438;

    /// <summary>Opens it.</summary>
    public static SafeFileHandle Open(int process) =>
        new(
            (nint)
                Syscall.Check(
                    Libc.syscall(PidfdOpen, process, 0, 0, 0, 0, 0),
                    "open process",
                    process.ToString(System.Globalization.CultureInfo.InvariantCulture)
                ),
            ownsHandle: true
        );

    /// <summary>pidfd_getfd(2), Linux 5.6: what another process has open, as one's own descriptor of the same open file.</summary>
    /// <param name="process">What <see cref="Open"/> opened.</param>
    /// <param name="number">The other's number of the descriptor.</param>
    public static SafeFileHandle TakeDescriptor(SafeFileHandle process, int number) =>
        new(
            (nint)
                Syscall.Check(
                    Libc.syscall(PidfdGetFd, process.DangerousGetHandle(), number, 0, 0, 0, 0),
                    "take a descriptor of",
                    "another process"
                ),
            ownsHandle: true
        );
}
