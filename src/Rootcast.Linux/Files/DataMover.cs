using Microsoft.Win32.SafeHandles;

namespace Rootcast.Linux.Files;

/// <summary>Whole transfers out of single calls: interrupted calls are tried again, short ones go on, and where the kernel can't copy between two files
/// bytes are read and written.</summary>
/// <param name="calls">The calls to make.</param>
public sealed class DataMover(IDataCalls calls)
{
    private const int LargestCopy = 1 << 30;
    private const int BufferBytes = 1 << 18;

    /// <summary>By the kernel's own calls.</summary>
    public static DataMover Kernel { get; } = new(KernelDataCalls.Instance);

    /// <summary>FICLONERANGE: shares extents. Offsets and length must be multiples of the file system's block; a length of 0 means to the end of the source.</summary>
    /// <returns>0, or why the two can't share: ENOTSUP, EINVAL, EXDEV, ENOTTY, EPERM, ETXTBSY.</returns>
    /// <exception cref="LinuxException">The disk is full, or failed.</exception>
    public int Clone(SafeFileHandle from, long fromOffset, long length, SafeFileHandle to, long toOffset, string target = "open file")
    {
        const int textBusy = 26;
        int errno;
        do
        {
            errno = calls.Clone(from, fromOffset, length, to, toOffset);
        } while (errno == Errno.Interrupted);
        return errno is 0 or Errno.NotSupported or Errno.Invalid or Errno.CrossDevice or Errno.NotTerminal or Errno.NotPermitted or textBusy
            ? errno
            : throw Syscall.Failed("share extents with", target, errno);
    }

    /// <summary>copy_file_range(2) until all is copied; by read and write where the kernel cannot (EXDEV, EINVAL, EOPNOTSUPP, ENOSYS).</summary>
    /// <returns>The bytes copied: fewer than asked when the source ends.</returns>
    public long CopyRange(SafeFileHandle from, long fromOffset, SafeFileHandle to, long toOffset, long length, string target = "open file")
    {
        long done = 0;
        while (done < length)
        {
            long copied = calls.Copy(from, fromOffset + done, to, toOffset + done, Math.Min(length - done, LargestCopy));
            if (copied == 0)
            {
                break;
            }
            if (copied > 0)
            {
                done += copied;
                continue;
            }
            int errno = (int)-copied;
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

    /// <summary>read and write: the place is written to even where the source has holes, which copy_file_range may keep.</summary>
    /// <returns>The bytes copied: fewer than asked when the source ends.</returns>
    public long CopyBytes(SafeFileHandle from, long fromOffset, SafeFileHandle to, long toOffset, long length, string target = "open file")
    {
        byte[] buffer = new byte[(int)Math.Min(length, BufferBytes)];
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

    /// <summary>pread(2) until the buffer is full or the file ends: how many bytes came.</summary>
    public int ReadAt(SafeFileHandle file, Span<byte> buffer, long offset, string target = "open file")
    {
        int filled = 0;
        while (filled < buffer.Length)
        {
            long got = calls.Read(file, buffer[filled..], offset + filled);
            if (got == 0)
            {
                break;
            }
            filled += Checked(got, "read", target);
        }
        return filled;
    }

    /// <summary>pwrite(2) until all is written.</summary>
    public void WriteAt(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset, string target = "open file")
    {
        int done = 0;
        while (done < bytes.Length)
        {
            done += Checked(calls.Write(file, bytes[done..], offset + done), "write", target);
        }
    }

    /// <summary>The bytes of a call; none when it was interrupted.</summary>
    private static int Checked(long result, string operation, string target) =>
        result >= 0 ? (int)result
        : result == -Errno.Interrupted ? 0
        : throw Syscall.Failed(operation, target, (int)-result);
}
