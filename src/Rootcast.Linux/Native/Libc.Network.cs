using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Rootcast.Linux.Native;

internal static unsafe partial class Libc
{
    internal const int SOCK_STREAM = 1;
    internal const int SOCK_DGRAM = 2;
    internal const int SOCK_RAW = 3;
    internal const int SOCK_NONBLOCK = 0x800;
    internal const int SOCK_CLOEXEC = 0x80000;
    internal const int MSG_NOSIGNAL = 0x4000;
    internal const int SOL_SOCKET = 1;
    internal const int SO_ERROR = 4;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int connect(SafeHandle descriptor, void* address, uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int getsockopt(SafeHandle descriptor, int level, int option, void* value, uint* length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint send(SafeHandle descriptor, byte* buffer, nuint length, int flags);

    /// <summary>For callbacks of libraries, which know a number and no handle.</summary>
    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint send(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint recv(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint getrandom(byte* buffer, nuint length, uint flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint sendto(SafeHandle descriptor, byte* buffer, nuint length, int flags, void* address, uint addressLength);

    /// <summary>socket(2), non-blocking and closed on exec, or an error that says what for.</summary>
    internal static SafeFileHandle OpenSocket(int domain, int type, int protocol, string purpose)
    {
        SafeFileHandle handle = socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
        if (handle.IsInvalid)
        {
            int errno = Marshal.GetLastPInvokeError();
            handle.Dispose();
            throw Syscall.Failed("open socket", purpose, errno);
        }
        return handle;
    }
}
