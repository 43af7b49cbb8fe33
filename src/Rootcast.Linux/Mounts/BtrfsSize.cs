using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Mounts;

/// <summary>The size of a mounted Btrfs.</summary>
public static unsafe class BtrfsSize
{
    /// <summary>The kernel makes none smaller (btrfs_ioctl_resize).</summary>
    public const long Least = 256L << 20;

    private const uint BTRFS_IOC_RESIZE = 0x50009403;
    private const int Block = 4096;

    /// <summary>Makes it smaller or larger; what lies beyond the new end is moved.</summary>
    /// <param name="root">Where it is mounted.</param>
    /// <param name="bytes">The new size, at least <see cref="Least"/>; rounded down to whole blocks.</param>
    /// <exception cref="LinuxException">There is no room to move things to (ENOSPC), or the device is smaller (EFBIG).</exception>
    public static void Change(string root, long bytes)
    {
        using SafeFileHandle directory = FileNodes.Open(root, OpenFlags.ReadOnly | OpenFlags.Directory);
        // struct btrfs_ioctl_vol_args: a descriptor that this call does not use, and a text.
        byte* arguments = stackalloc byte[Block];
        new Span<byte>(arguments, Block).Clear();
        string size = (bytes / Block * Block).ToString(CultureInfo.InvariantCulture);
        _ = Encoding.ASCII.GetBytes(size, new Span<byte>(arguments + sizeof(long), Block - sizeof(long) - 1));
        Syscall.Check(Libc.ioctl(directory, BTRFS_IOC_RESIZE, arguments), "change the size of", root);
    }
}
