using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Block;

/// <summary>Block devices as a whole: their sizes and partition tables.</summary>
public static unsafe class BlockDevice
{
    private const uint BLKRRPART = 0x125F;
    private const uint BLKSSZGET = 0x1268;
    private const uint BLKGETSIZE64 = 0x80081272;

    /// <summary>Length of a block device or a regular file in bytes.</summary>
    public static long Length(SafeFileHandle file, string path)
    {
        FileStatus status = FileNodes.Status(file);
        if (status.Type != FileStatus.TypeBlockDevice)
        {
            return status.Size;
        }
        ulong bytes;
        Syscall.Check(Libc.ioctl(file, BLKGETSIZE64, &bytes), "ask the size of", path);
        return (long)bytes;
    }

    /// <summary>Bytes of a logical block: what direct I/O must be aligned to.</summary>
    public static int LogicalBlockSize(SafeFileHandle device, string path)
    {
        int bytes;
        Syscall.Check(Libc.ioctl(device, BLKSSZGET, &bytes), "ask the block size of", path);
        return bytes;
    }

    /// <summary>Has the kernel read the partition table again.</summary>
    /// <returns>False when a partition is in use and the old table stays in force, or the device has no partitions at all (a loop device that was
    /// attached without).</returns>
    public static bool TryRereadPartitions(SafeFileHandle device, string path)
    {
        if (Libc.ioctl(device, BLKRRPART, 0) == 0)
        {
            return true;
        }
        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.Busy or Errno.Invalid ? false : throw Syscall.Failed("read the partition table of", path, errno);
    }
}
