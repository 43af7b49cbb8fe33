using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Handover;

/// <summary>Deletes what the initramfs brought, which frees its memory: everything on the rootfs itself, and nothing on what is mounted
/// below it.</summary>
public static class InitramfsFiles
{
    /// <summary>Deletes everything below an open directory that is on the same file system.</summary>
    public static void Delete(SafeFileHandle directory) => Delete(directory, FileNodes.Status(directory).Device);

    private static void Delete(SafeFileHandle directory, ulong device)
    {
        foreach (DirectoryItem item in DirectoryListing.Read(directory, "initramfs"))
        {
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
                Delete(below, device);
                FileNodes.TryRemove(directory, item.Name, isDirectory: true, out _);
            }
        }
    }
}
