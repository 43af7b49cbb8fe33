using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Handover;

/// <summary>Deletes what the initramfs brought, which frees its memory: everything on the rootfs itself, and nothing on what is mounted
/// below it.</summary>
public static class InitramfsFiles
{
    /// <summary>Deletes everything below an open directory that is on the same file system.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="kept">A name in it that stays, with all below it; empty for none.</param>
    public static void Delete(SafeFileHandle directory, ReadOnlySpan<byte> kept = default) =>
        Delete(directory, FileNodes.Status(directory).Device, kept);

    /// <summary>Deletes the modules of every kernel but one: an initramfs may serve several, and its memory is wanted for the root.</summary>
    /// <param name="kernel">The one that runs.</param>
    /// <returns>How many bytes of memory that gave back.</returns>
    public static long DeleteOtherKernels(string kernel)
    {
        if (!FileNodes.Exists(InitramfsPaths.Modules) || !IsInitramfs)
        {
            return 0;
        }
        long before = FileSystemUsage.Of("/").UsedBytes;
        using SafeFileHandle all = FileNodes.Open(InitramfsPaths.Modules, OpenFlags.ReadOnly | OpenFlags.Directory);
        foreach (DirectoryItem item in DirectoryListing.Read(all, InitramfsPaths.Modules))
        {
            if (item.Type != FileStatus.TypeDirectory || item.Name.SequenceEqual(Encoding.UTF8.GetBytes(kernel)))
            {
                continue;
            }
            using SafeFileHandle other = FileNodes.TryOpen(
                all,
                item.Name,
                OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow,
                0,
                out int errno
            );
            if (errno == 0)
            {
                Delete(other);
            }
        }
        return before - FileSystemUsage.Of("/").UsedBytes;
    }

    /// <summary>Whether the root is what the kernel unpacked the initrd into, and not some file system whose files are worth something.</summary>
    public static bool IsInitramfs => FileSystemUsage.Of("/").Magic is FileSystemUsage.MagicTmpfs or FileSystemUsage.MagicRamfs;

    private static void Delete(SafeFileHandle directory, ulong device, ReadOnlySpan<byte> kept)
    {
        foreach (DirectoryItem item in DirectoryListing.Read(directory, "initramfs"))
        {
            if (!kept.IsEmpty && kept.SequenceEqual(item.Name))
            {
                continue;
            }
            if (item.Type != FileStatus.TypeDirectory)
            {
                // A file that another was mounted on says EBUSY and stays.
                FileNodes.TryRemove(directory, item.Name, isDirectory: false, out _);
                continue;
            }
            using SafeFileHandle below = FileNodes.TryOpen(
                directory,
                item.Name,
                OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow,
                0,
                out int errno
            );
            if (errno == 0 && FileNodes.Status(below).Device == device)
            {
                Delete(below, device, default);
                FileNodes.TryRemove(directory, item.Name, isDirectory: true, out _);
            }
        }
    }
}
