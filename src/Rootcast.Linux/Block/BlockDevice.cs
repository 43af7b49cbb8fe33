using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Block;

/// <summary>Sizes of block devices.</summary>
public static unsafe class BlockDevice
{
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
}
