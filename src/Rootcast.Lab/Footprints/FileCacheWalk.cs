using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Images.Progress;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Memory;
using Rootcast.Linux.Mounts;

namespace Rootcast.Lab.Footprints;

/// <summary>Asks about each regular file of a file system how much of it is in the page cache. It reads directories and inodes, never data.</summary>
/// <param name="cache">Who is asked.</param>
/// <param name="leftOut">Inodes that are counted elsewhere.</param>
/// <param name="stage">Where it is shown.</param>
/// <param name="cancellation">Stops it.</param>
internal sealed class FileCacheWalk(PageCacheReader cache, HashSet<ulong> leftOut, IProgressStage stage, CancellationToken cancellation)
{
    private const int FilesBetweenReports = 512;
    private const OpenFlags Quietly = OpenFlags.ReadOnly | OpenFlags.NonBlocking | OpenFlags.NoFollow;

    // Inodes with pages, by the directory's device: subvolumes of btrfs number theirs anew. A file with several names counts once.
    private readonly HashSet<(ulong Device, ulong Inode)> counted = [];
    private long files;

    /// <summary>Bytes in the page cache.</summary>
    public long Bytes { get; private set; }

    /// <summary>Files and directories that could not be opened.</summary>
    public long Refused { get; private set; }

    /// <summary>Walks the file system that is mounted somewhere.</summary>
    public void Visit(string place)
    {
        using SafeFileHandle root =
            DetachedMount.TryOpen(place)
            ?? FileNodes.TryOpen(null, Encoding.UTF8.GetBytes(place), OpenFlags.ReadOnly | OpenFlags.Directory, 0, out _);
        if (root.IsInvalid)
        {
            Refused++;
            return;
        }
        stage.Detail(place);
        ulong device = FileNodes.Status(root).Device;
        VisitDirectory(root, device, device);
    }

    private void VisitDirectory(SafeFileHandle directory, ulong device, ulong fileSystem)
    {
        List<DirectoryItem> items;
        try
        {
            items = DirectoryListing.Read(directory);
        }
        catch (LinuxException)
        {
            Refused++;
            return;
        }
        foreach (DirectoryItem item in items)
        {
            cancellation.ThrowIfCancellationRequested();
            int type = item.Type;
            if (type == 0 && FileNodes.TryStatus(directory, item.Name, followLinks: false, out FileStatus status, out _))
            {
                type = status.Type;
            }
            if (type == FileStatus.TypeDirectory)
            {
                Descend(directory, item, fileSystem);
            }
            else if (type == FileStatus.TypeFile && !leftOut.Contains(item.Inode))
            {
                Count(directory, item, device);
            }
        }
    }

    private void Descend(SafeFileHandle directory, DirectoryItem item, ulong fileSystem)
    {
        using SafeFileHandle inner = FileNodes.TryOpen(directory, item.Name, Quietly | OpenFlags.Directory, 0, out int errno);
        if (errno != 0)
        {
            Refused += errno == Errno.NoEntry ? 0 : 1;
            return;
        }
        // Without a detached mount another file system may be mounted here. Only btrfs has other numbers inside of one.
        ulong device = FileNodes.Status(inner).Device;
        if (device == fileSystem || IsSubvolume(device, fileSystem))
        {
            VisitDirectory(inner, device, fileSystem);
        }

        // Both made up by the kernel, with major number 0; a directory's own inode number is then 256 or 2.
        bool IsSubvolume(ulong device, ulong fileSystem) =>
            device >> 8 == 0
            && fileSystem >> 8 == 0
            && FileNodes.Status(inner).Inode is 256 or 2
            && item.Inode == FileNodes.Status(inner).Inode;
    }

    private void Count(SafeFileHandle directory, DirectoryItem item, ulong device)
    {
        // O_NOATIME is for the owner and root only.
        SafeFileHandle file = FileNodes.TryOpen(directory, item.Name, Quietly | OpenFlags.NoAccessTime, 0, out int errno);
        if (errno == Errno.NotPermitted)
        {
            file.Dispose();
            file = FileNodes.TryOpen(directory, item.Name, Quietly, 0, out errno);
        }
        using (file)
        {
            if (errno != 0)
            {
                Refused += errno == Errno.NoEntry ? 0 : 1;
                return;
            }
            long bytes = cache.BytesOf(file, () => FileNodes.Status(file).Size) ?? 0;
            if (bytes > 0 && counted.Add((device, item.Inode)))
            {
                Bytes += bytes;
            }
        }
        if (++files % FilesBetweenReports == 0)
        {
            stage.Report(files, null);
        }
    }
}
