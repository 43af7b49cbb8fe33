using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Mounts;

/// <summary>What statfs(2) tells of a mounted file system.</summary>
/// <param name="Magic">Its type's number (linux/magic.h).</param>
/// <param name="TotalBytes">Its size.</param>
/// <param name="FreeBytes">What nobody uses.</param>
/// <param name="AvailableBytes">What an ordinary user may use.</param>
/// <param name="TotalInodes">How many inodes there can be; 0 when it has no bound.</param>
/// <param name="FreeInodes">How many are left.</param>
public readonly record struct FileSystemUsage(
    long Magic,
    long TotalBytes,
    long FreeBytes,
    long AvailableBytes,
    long TotalInodes,
    long FreeInodes
)
{
    public const long MagicTmpfs = 0x01021994;
    public const long MagicRamfs = 0x858458f6;
    public const long MagicOverlay = 0x794c7630;
    public const long MagicXfs = 0x58465342;
    public const long MagicBtrfs = 0x9123683e;

    /// <summary>The size of its blocks, what shared extents are counted in; 0 when nobody asked.</summary>
    public long BlockBytes { get; init; }

    /// <summary>What is used.</summary>
    public long UsedBytes => TotalBytes - FreeBytes;

    /// <summary>Asks about the file system that holds a path.</summary>
    public static unsafe FileSystemUsage Of(string path)
    {
        StatfsLayout raw;
        fixed (byte* name = new CString(Encoding.UTF8.GetBytes(path), stackalloc byte[256]))
        {
            Syscall.Check(Libc.statfs(name, &raw), "statfs", path);
        }
        return Of(raw);
    }

    /// <summary>Asks about the file system that holds an open file or directory.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="target">What it is, for errors.</param>
    public static unsafe FileSystemUsage Of(SafeFileHandle file, string target)
    {
        StatfsLayout raw;
        Syscall.Check(Libc.fstatfs(file, &raw), "statfs", target);
        return Of(raw);
    }

    private static FileSystemUsage Of(StatfsLayout raw) =>
        new(
            raw.f_type,
            (long)raw.f_blocks * raw.f_bsize,
            (long)raw.f_bfree * raw.f_bsize,
            (long)raw.f_bavail * raw.f_bsize,
            (long)raw.f_files,
            (long)raw.f_ffree
        )
        {
            BlockBytes = raw.f_bsize,
        };
}
