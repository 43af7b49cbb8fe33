using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Files;

public static unsafe partial class FileData
{
    private const uint FICLONE = 0x40049409;

    /// <summary>FICLONERANGE: shares extents of one file with another. Offsets and length must be multiples of the file system's block; a
    /// length of 0 means to the end of the source.</summary>
    /// <returns>False where the file system cannot share, or not in this range (see <see cref="DataMover.Clone"/>).</returns>
    public static bool TryClone(SafeFileHandle from, long fromOffset, long length, SafeFileHandle to, long toOffset, out int errno)
    {
        errno = DataMover.Kernel.Clone(from, fromOffset, length, to, toOffset);
        return errno == 0;
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

    /// <inheritdoc cref="DataMover.CopyRange"/>
    public static long CopyRange(
        SafeFileHandle from,
        long fromOffset,
        SafeFileHandle to,
        long toOffset,
        long length,
        string target = "open file"
    ) => DataMover.Kernel.CopyRange(from, fromOffset, to, toOffset, length, target);

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
}
