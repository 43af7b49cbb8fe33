using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Files;

/// <summary>FS_IOC_GETFLAGS.</summary>
public static unsafe class InodeFlags
{
    private const uint FS_IOC_GETFLAGS = 0x80086601;

    /// <summary>The flags of a file; null where its file system has none.</summary>
    public static InodeFlag? TryOf(SafeFileHandle file)
    {
        // The kernel writes an int, whatever the number of the call says.
        int flags = 0;
        return Libc.ioctl(file, FS_IOC_GETFLAGS, &flags) < 0 ? null : (InodeFlag)flags;
    }
}
