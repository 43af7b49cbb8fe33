using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Files;

/// <summary>The bytes of open files: reading, writing, holes, shared extents. Interrupted calls are tried again.</summary>
public static unsafe partial class FileData
{
    /// <summary>read(2): how many bytes came; 0 at the end.</summary>
    public static int Read(SafeFileHandle file, Span<byte> buffer, string target = "open file")
    {
        fixed (byte* place = buffer)
        {
            nint got;
            do
            {
                got = Libc.read(file, place, (nuint)buffer.Length);
            } while (got < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
            return (int)Syscall.Check((long)got, "read", target);
        }
    }

    /// <summary>read(2) on a non-blocking descriptor: -1 when nothing is there yet, or with another errno in <paramref name="errno"/>.</summary>
    public static int TryRead(SafeFileHandle file, Span<byte> buffer, out int errno)
    {
        fixed (byte* place = buffer)
        {
            nint got = Libc.read(file, place, (nuint)buffer.Length);
            errno = got < 0 ? Marshal.GetLastPInvokeError() : 0;
            return (int)got;
        }
    }

    /// <summary>pread(2) until the buffer is full or the file ends: how many bytes came.</summary>
    public static int ReadAt(SafeFileHandle file, Span<byte> buffer, long offset, string target = "open file")
    {
        int filled = 0;
        fixed (byte* place = buffer)
        {
            while (filled < buffer.Length)
            {
                nint got = Libc.pread(file, place + filled, (nuint)(buffer.Length - filled), offset + filled);
                if (got < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted)
                {
                    continue;
                }
                if (Syscall.Check((long)got, "read", target) == 0)
                {
                    break;
                }
                filled += (int)got;
            }
        }
        return filled;
    }

    /// <summary>write(2) until all is written.</summary>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, string target = "open file")
    {
        fixed (byte* from = bytes)
        {
            int done = 0;
            while (done < bytes.Length)
            {
                nint put = Libc.write(file, from + done, (nuint)(bytes.Length - done));
                if (put < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted)
                {
                    continue;
                }
                done += (int)Syscall.Check((long)put, "write", target);
            }
        }
    }

    /// <summary>One write(2) whose failure the caller decides about: how many bytes went, or -1 with <paramref name="errno"/>.</summary>
    public static int TryWrite(SafeFileHandle file, ReadOnlySpan<byte> bytes, out int errno)
    {
        fixed (byte* from = bytes)
        {
            nint put = Libc.write(file, from, (nuint)bytes.Length);
            errno = put < 0 ? Marshal.GetLastPInvokeError() : 0;
            return (int)put;
        }
    }

    /// <summary>pwrite(2) until all is written.</summary>
    public static void WriteAt(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset, string target = "open file")
    {
        fixed (byte* from = bytes)
        {
            int done = 0;
            while (done < bytes.Length)
            {
                nint put = Libc.pwrite(file, from + done, (nuint)(bytes.Length - done), offset + done);
                if (put < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted)
                {
                    continue;
                }
                done += (int)Syscall.Check((long)put, "write", target);
            }
        }
    }

    /// <summary>lseek(2) to an offset from the start.</summary>
    public static void Seek(SafeFileHandle file, long offset, string target = "open file") =>
        Syscall.Check(Libc.lseek(file, offset, 0), "seek in", target);

    /// <summary>SEEK_DATA: where data begins at or after the offset; -1 when only a hole follows.</summary>
    public static long SeekData(SafeFileHandle file, long offset, string target = "open file") => SeekFor(file, offset, 3, target);

    /// <summary>SEEK_HOLE: where the next hole begins at or after the offset, the end of the file counting as one; -1 past the end.</summary>
    public static long SeekHole(SafeFileHandle file, long offset, string target = "open file") => SeekFor(file, offset, 4, target);

    /// <summary>ftruncate(2).</summary>
    public static void SetLength(SafeFileHandle file, long length, string target = "open file") =>
        Syscall.Check(Libc.ftruncate(file, length), "set the length of", target);

    /// <summary>fallocate(2): reserves space; the file grows when the range ends past its end.</summary>
    public static void Allocate(SafeFileHandle file, long offset, long length, string target = "open file") =>
        Syscall.Check(Retry(() => Libc.fallocate(file, 0, offset, length)), "allocate space for", target);

    /// <summary>fallocate(2) PUNCH_HOLE: gives the blocks (of tmpfs: the pages) of a range back; the length stays.</summary>
    public static void PunchHole(SafeFileHandle file, long offset, long length, string target = "open file")
    {
        const int keepSizePunchHole = 1 | 2;
        Syscall.Check(Retry(() => Libc.fallocate(file, keepSizePunchHole, offset, length)), "punch a hole into", target);
    }

    /// <summary>fallocate(2) ZERO_RANGE: a range becomes zeros, on a block device by its own means where it has them.</summary>
    /// <returns>False when the file system or device cannot; then nothing has changed.</returns>
    public static bool TryZeroRange(SafeFileHandle file, long offset, long length, string target = "open file")
    {
        const int keepSizeZeroRange = 1 | 0x10;
        if (Retry(() => Libc.fallocate(file, keepSizeZeroRange, offset, length)) == 0)
        {
            return true;
        }
        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.NotSupported or Errno.NoDevice ? false : throw Syscall.Failed("zero a range of", target, errno);
    }

    /// <summary>fsync(2).</summary>
    public static void Sync(SafeFileHandle file, string target = "open file") => Syscall.Check(Libc.fsync(file), "sync", target);

    /// <summary>sync_file_range(2) SYNC_FILE_RANGE_WRITE: dirty pages of the range start on their way to the disk, so that a later <see cref="Sync"/> finds less
    /// to do. It promises nothing, so its failure is none.</summary>
    public static void StartWriteback(SafeFileHandle file, long offset, long length) => _ = Libc.sync_file_range(file, offset, length, 2);

    /// <summary>syncfs(2) of the file system that holds the file.</summary>
    public static void SyncFileSystem(SafeFileHandle file, string target = "open file") =>
        Syscall.Check(Libc.syncfs(file), "sync file system of", target);

    /// <summary>posix_fadvise(3) POSIX_FADV_DONTNEED: the clean pages of the range need not stay cached.</summary>
    public static void DropCache(SafeFileHandle file, long offset, long length) => _ = Libc.posix_fadvise(file, offset, length, 4);

    private static long SeekFor(SafeFileHandle file, long offset, int whence, string target)
    {
        long found = Libc.lseek(file, offset, whence);
        return found < 0 && Marshal.GetLastPInvokeError() == Errno.NoSuchDeviceOrAddress ? -1 : Syscall.Check(found, "seek in", target);
    }

    private static int Retry(Func<int> call)
    {
        int result;
        do
        {
            result = call();
        } while (result < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
        return result;
    }
}
