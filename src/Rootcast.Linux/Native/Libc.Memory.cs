using System.Runtime.InteropServices;

namespace Rootcast.Linux.Native;

internal static unsafe partial class Libc
{
    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint mmap(nint address, nuint length, int protection, int flags, SafeHandle descriptor, long offset);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int munmap(nint address, nuint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int mincore(nint address, nuint length, byte* states);
}
