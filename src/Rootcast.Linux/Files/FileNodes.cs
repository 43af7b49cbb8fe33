using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Files;

/// <summary>
/// Names in directories: the <c>*at</c> calls. Paths are bytes, as the kernel has them; a null directory means the working directory. None
/// of them follows a symbolic link in the last part of the path, except <see cref="TryOpen"/> without <see cref="OpenFlags.NoFollow"/>.
/// </summary>
public static unsafe class FileNodes
{
    private const int OpenCloseOnExec = 0x80000;

    /// <summary>openat(2).</summary>
    public static SafeFileHandle Open(SafeFileHandle? directory, ReadOnlySpan<byte> path, OpenFlags flags, int mode = 0)
    {
        SafeFileHandle opened = TryOpen(directory, path, flags, mode, out int errno);
        return opened.IsInvalid ? throw Syscall.Failed("open", Show(path), errno) : opened;
    }

    /// <inheritdoc cref="Open(SafeFileHandle?, ReadOnlySpan{byte}, OpenFlags, int)"/>
    public static SafeFileHandle Open(string path, OpenFlags flags, int mode = 0) => Open(null, Encoding.UTF8.GetBytes(path), flags, mode);

    /// <summary>openat(2) whose failure the caller decides about: the handle is invalid then and <paramref name="errno"/> says why.</summary>
    public static SafeFileHandle TryOpen(SafeFileHandle? directory, ReadOnlySpan<byte> path, OpenFlags flags, int mode, out int errno)
    {
        using Directory at = new(directory);
        fixed (byte* name = new CString(path, stackalloc byte[256]))
        {
            SafeFileHandle opened;
            do
            {
                opened = Libc.openat(at.Number, name, (int)Native(flags) | OpenCloseOnExec, (uint)mode);
                errno = opened.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
            } while (errno == Errno.Interrupted);
            return opened;
        }
    }

    /// <summary>mkdirat(2); the umask applies.</summary>
    public static void MakeDirectory(SafeFileHandle? directory, ReadOnlySpan<byte> path, int mode)
    {
        using Directory at = new(directory);
        fixed (byte* name = new CString(path, stackalloc byte[256]))
        {
            Syscall.Check(Libc.mkdirat(at.Number, name, (uint)mode), "mkdir", Show(path));
        }
    }

    /// <summary>mknodat(2).</summary>
    /// <param name="directory">Where the path starts.</param>
    /// <param name="path">The new name.</param>
    /// <param name="mode">One of the types of <see cref="FileStatus"/> with permission bits.</param>
    /// <param name="major">Of a device, its major number.</param>
    /// <param name="minor">Of a device, its minor number.</param>
    public static void MakeNode(SafeFileHandle? directory, ReadOnlySpan<byte> path, int mode, uint major = 0, uint minor = 0)
    {
        using Directory at = new(directory);
        fixed (byte* name = new CString(path, stackalloc byte[256]))
        {
            Syscall.Check(Libc.mknodat(at.Number, name, (uint)mode, DeviceNumber(major, minor)), "mknod", Show(path));
        }
    }

    /// <summary>symlinkat(2).</summary>
    public static void MakeSymlink(ReadOnlySpan<byte> target, SafeFileHandle? directory, ReadOnlySpan<byte> path)
    {
        using Directory at = new(directory);
        fixed (byte* name = new CString(path, stackalloc byte[256]))
        fixed (byte* says = new CString(target, stackalloc byte[256]))
        {
            Syscall.Check(Libc.symlinkat(says, at.Number, name), "symlink", Show(path));
        }
    }

    /// <summary>linkat(2): <paramref name="path"/> becomes another name of <paramref name="existing"/>.</summary>
    public static void MakeLink(
        SafeFileHandle? existingDirectory,
        ReadOnlySpan<byte> existing,
        SafeFileHandle? directory,
        ReadOnlySpan<byte> path
    )
    {
        using Directory from = new(existingDirectory);
        using Directory to = new(directory);
        fixed (byte* old = new CString(existing, stackalloc byte[256]))
        fixed (byte* name = new CString(path, stackalloc byte[256]))
        {
            Syscall.Check(Libc.linkat(from.Number, old, to.Number, name, 0), "link", $"{Show(existing)} as {Show(path)}");
        }
    }

    /// <summary>unlinkat(2).</summary>
    /// <param name="directory">Where the path starts.</param>
    /// <param name="path">What goes.</param>
    /// <param name="isDirectory">Whether an empty directory is removed.</param>
    public static void Remove(SafeFileHandle? directory, ReadOnlySpan<byte> path, bool isDirectory = false)
    {
        if (!TryRemove(directory, path, isDirectory, out int errno))
        {
            throw Syscall.Failed("remove", Show(path), errno);
        }
    }

    /// <summary>unlinkat(2) whose failure the caller decides about.</summary>
    public static bool TryRemove(SafeFileHandle? directory, ReadOnlySpan<byte> path, bool isDirectory, out int errno)
    {
        using Directory at = new(directory);
        fixed (byte* name = new CString(path, stackalloc byte[256]))
        {
            errno = Libc.unlinkat(at.Number, name, isDirectory ? Libc.AT_REMOVEDIR : 0) < 0 ? Marshal.GetLastPInvokeError() : 0;
            return errno == 0;
        }
    }

    /// <summary>renameat2(2).</summary>
    /// <param name="fromDirectory">Where the old path starts.</param>
    /// <param name="from">The old name.</param>
    /// <param name="toDirectory">Where the new path starts.</param>
    /// <param name="to">The new name.</param>
    /// <param name="replace">Whether a file of the new name may be there and is replaced at once.</param>
    public static void Rename(
        SafeFileHandle? fromDirectory,
        ReadOnlySpan<byte> from,
        SafeFileHandle? toDirectory,
        ReadOnlySpan<byte> to,
        bool replace = true
    )
    {
        using Directory source = new(fromDirectory);
        using Directory place = new(toDirectory);
        fixed (byte* old = new CString(from, stackalloc byte[256]))
        fixed (byte* name = new CString(to, stackalloc byte[256]))
        {
            Syscall.Check(
                Libc.renameat2(source.Number, old, place.Number, name, replace ? 0u : 1u),
                "rename",
                $"{Show(from)} to {Show(to)}"
            );
        }
    }

    /// <summary>readlinkat(2): what a symbolic link says; an empty path with a <see cref="OpenFlags.PathOnly"/> handle reads the handle's.</summary>
    public static byte[] ReadLink(SafeFileHandle? directory, ReadOnlySpan<byte> path)
    {
        using Directory at = new(directory);
        byte[] buffer = new byte[4096];
        fixed (byte* name = new CString(path, stackalloc byte[256]))
        fixed (byte* place = buffer)
        {
            long length = Syscall.Check((long)Libc.readlinkat(at.Number, name, place, (nuint)buffer.Length), "readlink", Show(path));
            return buffer[..(int)length];
        }
    }

    /// <summary>fchownat(2), of the link itself.</summary>
    public static void ChangeOwner(SafeFileHandle? directory, ReadOnlySpan<byte> path, uint uid, uint gid)
    {
        using Directory at = new(directory);
        fixed (byte* name = new CString(path, stackalloc byte[256]))
        {
            Syscall.Check(Libc.fchownat(at.Number, name, uid, gid, Libc.AT_SYMLINK_NOFOLLOW), "chown", Show(path));
        }
    }

    /// <summary>fchmodat(2). It follows symbolic links: never call it on one.</summary>
    public static void ChangeMode(SafeFileHandle? directory, ReadOnlySpan<byte> path, int permissions)
    {
        using Directory at = new(directory);
        fixed (byte* name = new CString(path, stackalloc byte[256]))
        {
            Syscall.Check(Libc.fchmodat(at.Number, name, (uint)permissions, 0), "chmod", Show(path));
        }
    }

    /// <summary>utimensat(2): both access and modification time, of the link itself.</summary>
    public static void SetTimes(SafeFileHandle? directory, ReadOnlySpan<byte> path, long seconds, int nanoseconds)
    {
        using Directory at = new(directory);
        Libc.TimeValue* times = stackalloc Libc.TimeValue[2];
        times[0] = times[1] = new Libc.TimeValue { tv_sec = seconds, tv_nsec = nanoseconds };
        fixed (byte* name = new CString(path, stackalloc byte[256]))
        {
            Syscall.Check(Libc.utimensat(at.Number, name, times, Libc.AT_SYMLINK_NOFOLLOW), "set times of", Show(path));
        }
    }

    /// <summary>fchown(2).</summary>
    public static void ChangeOwner(SafeFileHandle file, uint uid, uint gid) =>
        Syscall.Check(Libc.fchown(file, uid, gid), "chown", "open file");

    /// <summary>fchmod(2).</summary>
    public static void ChangeMode(SafeFileHandle file, int permissions) =>
        Syscall.Check(Libc.fchmod(file, (uint)permissions), "chmod", "open file");

    /// <summary>futimens(3): both access and modification time.</summary>
    public static void SetTimes(SafeFileHandle file, long seconds, int nanoseconds)
    {
        Libc.TimeValue* times = stackalloc Libc.TimeValue[2];
        times[0] = times[1] = new Libc.TimeValue { tv_sec = seconds, tv_nsec = nanoseconds };
        Syscall.Check(Libc.futimens(file, times), "set times of", "open file");
    }

    /// <summary>statx(2) of a name; of the link itself. An empty path means the directory handle.</summary>
    public static FileStatus Status(SafeFileHandle? directory, ReadOnlySpan<byte> path) =>
        TryStatus(directory, path, followLinks: false, out FileStatus status, out int errno)
            ? status
            : throw Syscall.Failed("stat", Show(path), errno);

    /// <summary>fstat(2) by statx(2).</summary>
    public static FileStatus Status(SafeFileHandle file) => Status(file, []);

    /// <summary>statx(2) whose failure the caller decides about.</summary>
    public static bool TryStatus(SafeFileHandle? directory, ReadOnlySpan<byte> path, bool followLinks, out FileStatus status, out int errno)
    {
        using Directory at = new(directory);
        StatxLayout raw;
        int flags = (followLinks ? 0 : Libc.AT_SYMLINK_NOFOLLOW) | (path.IsEmpty ? Libc.AT_EMPTY_PATH : 0);
        const uint basicFields = 0x7ff;
        fixed (byte* name = new CString(path, stackalloc byte[256]))
        {
            errno = Libc.statx(at.Number, name, flags, basicFields, &raw) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
        status =
            errno != 0
                ? default
                : new FileStatus(
                    raw.stx_mode,
                    raw.stx_uid,
                    raw.stx_gid,
                    (long)raw.stx_size,
                    (long)raw.stx_blocks * 512,
                    raw.stx_ino,
                    raw.stx_nlink,
                    DeviceNumber(raw.stx_dev_major, raw.stx_dev_minor),
                    raw.stx_rdev_major,
                    raw.stx_rdev_minor,
                    raw.stx_mtime.tv_sec,
                    (int)raw.stx_mtime.tv_nsec,
                    raw.stx_ctime.tv_sec,
                    (int)raw.stx_ctime.tv_nsec
                );
        return errno == 0;
    }

    /// <summary>Whether a name is there, whatever it is; symbolic links are followed.</summary>
    public static bool Exists(string path) => TryStatus(null, Encoding.UTF8.GetBytes(path), followLinks: true, out _, out _);

    /// <summary>makedev(3) of <c>MAJOR:MINOR</c>, as /sys and the device mapper write numbers; 0 for anything else.</summary>
    public static ulong DeviceNumberOf(string text)
    {
        string[] parts = text.Split(':');
        return parts.Length == 2 && uint.TryParse(parts[0], out uint major) && uint.TryParse(parts[1], out uint minor)
            ? DeviceNumber(major, minor)
            : 0;
    }

    /// <summary>makedev(3).</summary>
    public static ulong DeviceNumber(uint major, uint minor) =>
        ((ulong)(major & 0xfffff000) << 32) | ((ulong)(major & 0xfff) << 8) | ((ulong)(minor & 0xffffff00) << 12) | (minor & 0xff);

    internal static string Show(ReadOnlySpan<byte> path) => Encoding.UTF8.GetString(path);

    private static OpenFlags Native(OpenFlags flags)
    {
        if (flags.HasFlag(OpenFlags.Temporary))
        {
            flags |= OpenFlags.Directory;
        }
        if (RuntimeInformation.ProcessArchitecture != Architecture.Arm64)
        {
            return flags;
        }
        // arm64 keeps the numbers of 32-bit ARM: O_DIRECTORY 040000, O_NOFOLLOW 0100000, O_DIRECT 0200000.
        int value = (int)flags & ~0x34000;
        value |= flags.HasFlag(OpenFlags.Directory) ? 0x4000 : 0;
        value |= flags.HasFlag(OpenFlags.NoFollow) ? 0x8000 : 0;
        value |= flags.HasFlag(OpenFlags.Direct) ? 0x10000 : 0;
        return (OpenFlags)value;
    }

    /// <summary>Keeps a directory's handle alive while its number is in use.</summary>
    private readonly ref struct Directory
    {
        private readonly SafeFileHandle? handle;

        internal Directory(SafeFileHandle? handle)
        {
            bool added = false;
            handle?.DangerousAddRef(ref added);
            this.handle = handle;
        }

        internal int Number => handle is null ? Libc.AT_FDCWD : (int)handle.DangerousGetHandle();

        public void Dispose() => handle?.DangerousRelease();
    }
}
