using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Linux;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Disks;

/// <summary>Where an image is to be written: a whole disk, or a file that becomes a disk image.</summary>
/// <param name="Path">Its absolute path, links followed.</param>
/// <param name="IsDevice">Whether it is a block device.</param>
/// <param name="Bytes">Its size; 0 for a file that is not there yet.</param>
/// <param name="SectorBytes">Of a logical sector.</param>
public sealed record DiskTarget(string Path, bool IsDevice, long Bytes, int SectorBytes)
{
    private const string Sys = "/sys";

    /// <summary>Looks at it.</summary>
    /// <param name="path">As somebody gave it.</param>
    /// <exception cref="UserError">It is in use, a partition, or neither disk nor file.</exception>
    public static DiskTarget Of(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        string real = !FileNodes.Exists(full) ? full : new FileInfo(full).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full;
        if (!FileNodes.TryStatus(null, System.Text.Encoding.UTF8.GetBytes(real), followLinks: true, out FileStatus status, out _))
        {
            // A device that is not there would become a file in /dev, which is in memory.
            return real.StartsWith("/dev/", StringComparison.Ordinal)
                ? throw new UserError($"there is no {real}", "Check the name: lsblk shows the disks that are there.", UserErrorKind.Input)
                : new DiskTarget(real, false, 0, DiskLayout.BiosSectorBytes);
        }
        if (status.IsFile)
        {
            return DiskUse.LoopOf(real, Sys) is { } loop
                ? throw InUse(real, $"is in use: it is attached to {loop}")
                : new DiskTarget(real, false, status.Size, DiskLayout.BiosSectorBytes);
        }
        if (status.Type != FileStatus.TypeBlockDevice)
        {
            throw new UserError($"{real} is neither a disk nor a file", "Name a disk such as /dev/sdb, or a file.", UserErrorKind.Input);
        }
        string name = System.IO.Path.GetFileName(real);
        if (File.Exists($"{Sys}/class/block/{name}/partition"))
        {
            throw new UserError(
                $"{real} is a partition",
                "Name the whole disk: it gets a partition table of its own.",
                UserErrorKind.Input
            );
        }
        if (DiskUse.Of(name, Sys, File.ReadAllText("/proc/self/mountinfo"), File.ReadAllText("/proc/swaps")) is { } use)
        {
            throw InUse(real, use);
        }
        using SafeFileHandle device = Open(real, OpenFlags.ReadOnly);
        return new DiskTarget(real, true, BlockDevice.Length(device, real), BlockDevice.LogicalBlockSize(device, real));
    }

    /// <summary>Opens a disk so that nobody else can begin to use it.</summary>
    public SafeFileHandle OpenForWriting() => Open(Path, OpenFlags.ReadWrite);

    /// <summary>The kernel itself refuses a disk of which any part is in use (open(2), O_EXCL of a block device).</summary>
    private static SafeFileHandle Open(string path, OpenFlags flags)
    {
        SafeFileHandle device = FileNodes.TryOpen(
            null,
            System.Text.Encoding.UTF8.GetBytes(path),
            flags | OpenFlags.Exclusive,
            0,
            out int errno
        );
        return errno switch
        {
            0 => device,
            Errno.Busy => throw InUse(path, "is in use by the kernel"),
            Errno.AccessDenied or Errno.NotPermitted => throw new UserError($"{path} may not be opened", "Run this as root."),
            Errno.ReadOnly => throw new UserError($"{path} is read-only", "Look for a switch on the medium, or take another one."),
            _ => throw Syscall.Failed("open", path, errno),
        };
    }

    private static UserError InUse(string path, string use) =>
        new($"{path} {use}", "Unmount it, swapoff it, or take the array apart first; or name another disk.", UserErrorKind.Input);
}
