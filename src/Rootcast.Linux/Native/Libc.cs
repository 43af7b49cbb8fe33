using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Rootcast.Linux.Native;

/// <summary>Raw imports, spelled as in C. Every caller passes the result through <see cref="Syscall"/> or decides by the errno.</summary>
internal static unsafe partial class Libc
{
    internal const string Name = "libc";
    internal const int AT_FDCWD = -100;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100;
    internal const int AT_REMOVEDIR = 0x200;
    internal const int AT_EMPTY_PATH = 0x1000;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial long syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int ioctl(SafeHandle descriptor, nuint request, nint argument);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int ioctl(SafeHandle descriptor, nuint request, void* argument);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fcntl(SafeHandle descriptor, int command, nint argument);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int close(int descriptor);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int dup3(int from, int to, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int clock_gettime(int clock, TimeValue* value);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial SafeFileHandle socket(int domain, int type, int protocol);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int bind(SafeHandle descriptor, void* address, uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int setsockopt(SafeHandle descriptor, int level, int option, void* value, uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint recv(SafeHandle descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint recvfrom(SafeHandle descriptor, byte* buffer, nuint length, int flags, void* address, uint* addressLength);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int inotify_init1(int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int inotify_add_watch(SafeHandle descriptor, byte* path, uint mask);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        internal int fd;
        internal short events;
        internal short revents;
    }

    /// <summary>struct timespec on 64-bit machines.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeValue
    {
        internal long tv_sec;
        internal long tv_nsec;
    }
}
