using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Rootcast.Linux.Native;

internal static unsafe partial class Libc
{
    [LibraryImport(Name, SetLastError = true)]
    internal static partial SafeFileHandle openat(int directory, byte* path, int flags, uint mode);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int mkdirat(int directory, byte* path, uint mode);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int mknodat(int directory, byte* path, uint mode, ulong device);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int symlinkat(byte* target, int directory, byte* path);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int linkat(int fromDirectory, byte* from, int toDirectory, byte* to, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int unlinkat(int directory, byte* path, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int renameat2(int fromDirectory, byte* from, int toDirectory, byte* to, uint flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint readlinkat(int directory, byte* path, byte* buffer, nuint size);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fchownat(int directory, byte* path, uint uid, uint gid, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fchmodat(int directory, byte* path, uint mode, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int utimensat(int directory, byte* path, TimeValue* times, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fchown(SafeHandle descriptor, uint uid, uint gid);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fchmod(SafeHandle descriptor, uint mode);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int futimens(SafeHandle descriptor, TimeValue* times);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int statx(int directory, byte* path, int flags, uint mask, StatxLayout* result);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int lsetxattr(byte* path, byte* name, byte* value, nuint size, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fsetxattr(SafeHandle descriptor, byte* name, byte* value, nuint size, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint lgetxattr(byte* path, byte* name, byte* value, nuint size);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint fgetxattr(SafeHandle descriptor, byte* name, byte* value, nuint size);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint llistxattr(byte* path, byte* list, nuint size);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint flistxattr(SafeHandle descriptor, byte* list, nuint size);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int lremovexattr(byte* path, byte* name);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint read(SafeHandle descriptor, byte* buffer, nuint size);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint write(SafeHandle descriptor, byte* buffer, nuint size);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint pread(SafeHandle descriptor, byte* buffer, nuint size, long offset);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint pwrite(SafeHandle descriptor, byte* buffer, nuint size, long offset);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial long lseek(SafeHandle descriptor, long offset, int whence);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint copy_file_range(
        SafeHandle from,
        long* fromOffset,
        SafeHandle to,
        long* toOffset,
        nuint length,
        uint flags
    );

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint sendfile(SafeHandle to, SafeHandle from, long* offset, nuint count);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fallocate(SafeHandle descriptor, int mode, long offset, long length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int ftruncate(SafeHandle descriptor, long length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fsync(SafeHandle descriptor);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int syncfs(SafeHandle descriptor);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int sync_file_range(SafeHandle descriptor, long offset, long length, uint flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int posix_fadvise(SafeHandle descriptor, long offset, long length, int advice);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint getdents64(SafeHandle descriptor, byte* buffer, nuint size);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int statfs(byte* path, StatfsLayout* result);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fstatfs(SafeHandle descriptor, StatfsLayout* result);
}
