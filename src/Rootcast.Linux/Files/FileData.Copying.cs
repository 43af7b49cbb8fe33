using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Files;

public static unsafe partial class FileData
{
    private const uint FICLONE = 0x40049409;
    private const uint FICLONERANGE = 0x4020940d;

    /// <summary>FICLONERANGE: shares extents of one file with another. Offsets and length must be multiples of the file system's block; a
    /// length of 0 means to the end of the source.</summary>
    /// <returns>False where the file system cannot share, or not in this range (EOPNOTSUPP, EINVAL, EXDEV, ENOTTY).</returns>
    public static bool TryClone(SafeFileHandle from, long fromOffset, long length, SafeFileHandle to, long toOffset, out int errno)
    {
        bool added = false;
        from.DangerousAddRef(ref added);
        try
        {
            CloneRangeLayout range = new()
            {
                src_fd = (long)from.DangerousGetHandle(),
                src_offset = (ulong)fromOffset,
                src_length = (ulong)length,
                dest_offset = (ulong)toOffset,
            };
            errno = Libc.ioctl(to, FICLONERANGE, &range) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
        finally
        {
            from.DangerousRelease();
        }
        return errno switch
        {
            0 => true,
            Errno.NotSupported or Errno.Invalid or Errno.CrossDevice or Errno.NotTerminal => false,
            _ => throw Syscall.Failed("share extents with", "open file", errno),
        };
    }

    /// <summary>FICLONE: the whole file becomes one with the other's extents.</summary>
    public static bool TryClone(SafeFileHandle from, SafeFileHandle to)
    {
        bool added = false;
        from.DangerousAddRef(ref added);
        try
        {
            if (Libc.ioctl(to, FICLONE, from.DangerousGetHandle()) == 0)
            {
                return true;
            }
        }
        finally
        {
            from.DangerousRelease();
        }
        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.NotSupported or Errno.Invalid or Errno.CrossDevice or Errno.NotTerminal
            ? false
            : throw Syscall.Failed("share extents with", "open file", errno);
    }

    /// <summary>copy_file_range(2) until all is copied; by read and write where the kernel cannot (EXDEV, EINVAL, EOPNOTSUPP, ENOSYS).</summary>
    /// <returns>The bytes copied: fewer than asked when the source ends.</returns>
    public static long CopyRange(
        SafeFileHandle from,
        long fromOffset,
        SafeFileHandle to,
        long toOffset,
        long length,
        string target = "open file"
    )
    {
        long done = 0;
        while (done < length)
        {
            long source = fromOffset + done;
            long place = toOffset + done;
            nint copied = Libc.copy_file_range(from, &source, to, &place, (nuint)Math.Min(length - done, 1 << 30), 0);
            if (copied == 0)
            {
                break;
            }
            if (copied > 0)
            {
                done += copied;
                continue;
            }
            int errno = Marshal.GetLastPInvokeError();
            if (errno == Errno.Interrupted)
            {
                continue;
            }
            if (errno is Errno.CrossDevice or Errno.Invalid or Errno.NotSupported or Errno.NoSystemCall)
            {
                return done + CopyBytes(from, fromOffset + done, to, toOffset + done, length - done, target);
            }
            throw Syscall.Failed("copy into", target, errno);
        }
        return done;
    }

    /// <summary>sendfile(2): one call; the bytes that went, at most <paramref name="count"/>; -1 with an errno that the caller decides about
    /// (EAGAIN on a full socket).</summary>
    public static long TrySend(SafeFileHandle to, SafeFileHandle from, ref long offset, long count, out int errno)
    {
        long at = offset;
        nint sent = Libc.sendfile(to, from, &at, (nuint)count);
        errno = sent < 0 ? Marshal.GetLastPInvokeError() : 0;
        offset = at;
        return sent;
    }

    private static long CopyBytes(SafeFileHandle from, long fromOffset, SafeFileHandle to, long toOffset, long length, string target)
    {
        byte[] buffer = new byte[(int)Math.Min(length, 1 << 18)];
        long done = 0;
        while (done < length)
        {
            int got = ReadAt(from, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - done)), fromOffset + done, target);
            if (got == 0)
            {
                break;
            }
            WriteAt(to, buffer.AsSpan(0, got), toOffset + done, target);
            done += got;
        }
        return done;
    }

    /// <summary>struct file_clone_range of linux/fs.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct CloneRangeLayout
    {
        internal long src_fd;
        internal ulong src_offset;
        internal ulong src_length;
        internal ulong dest_offset;
    }
}
