using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Files;

/// <summary>The real system calls.</summary>
public sealed unsafe class KernelDataCalls : IDataCalls
{
    private const uint FICLONERANGE = 0x4020940d;

    private KernelDataCalls() { }

    /// <summary>They have no state.</summary>
    public static KernelDataCalls Instance { get; } = new();

    /// <inheritdoc/>
    public int Clone(SafeFileHandle from, long fromOffset, long length, SafeFileHandle to, long toOffset)
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
            return Libc.ioctl(to, FICLONERANGE, &range) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
        finally
        {
            from.DangerousRelease();
        }
    }

    /// <inheritdoc/>
    public long Copy(SafeFileHandle from, long fromOffset, SafeFileHandle to, long toOffset, long length)
    {
        nint copied = Libc.copy_file_range(from, &fromOffset, to, &toOffset, (nuint)length, 0);
        return copied < 0 ? -Marshal.GetLastPInvokeError() : copied;
    }

    /// <inheritdoc/>
    public long Read(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        fixed (byte* place = buffer)
        {
            nint got = Libc.pread(file, place, (nuint)buffer.Length, offset);
            return got < 0 ? -Marshal.GetLastPInvokeError() : got;
        }
    }

    /// <inheritdoc/>
    public long Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* from = bytes)
        {
            nint put = Libc.pwrite(file, from, (nuint)bytes.Length, offset);
            return put < 0 ? -Marshal.GetLastPInvokeError() : put;
        }
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
