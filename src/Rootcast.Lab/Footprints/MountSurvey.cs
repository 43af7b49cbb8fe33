using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Images.Progress;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Memory;
using Rootcast.Linux.Mounts;

namespace Rootcast.Lab.Footprints;

/// <summary>Mounted file systems: what memory holds of each.</summary>
internal sealed class MountSurvey(IReadOnlyList<MountedFileSystem> mounts, PageCacheReader cache, FootprintOptions options)
{
    // Without a device of their own, and their files are in the page cache of this machine all the same.
    private static readonly string[] WithoutDevice = ["btrfs", "erofs", "squashfs", "bcachefs", "ramfs", "rootfs", "virtiofs", "9p"];

    private readonly List<string> notes = [];

    /// <summary>See <see cref="Footprint.Notes"/>.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>Each file system once; tmpfs with what it holds.</summary>
    public IReadOnlyList<ObservedFileSystem> Observe()
    {
        List<ObservedFileSystem> found = [];
        foreach (IGrouping<ulong, MountedFileSystem> same in mounts.GroupBy(mount => mount.Device))
        {
            MountedFileSystem mount = same.FirstOrDefault(mount => mount.Root == "/") ?? same.First();
            if (
                mount.Type is "proc" or "sysfs" or "devpts" or "cgroup" or "cgroup2" or "autofs"
                || !TryUsage(mount, out FileSystemUsage usage)
            )
            {
                continue;
            }
            bool shared = usage.Magic == FileSystemUsage.MagicTmpfs;
            found.Add(
                new ObservedFileSystem(mount, DeviceOf(mount))
                {
                    IsShared = shared,
                    IsRamfs = usage.Magic == FileSystemUsage.MagicRamfs,
                    // A tmpfs without a bound says 0 of 0.
                    MemoryBytes =
                        !shared ? null
                        : usage.TotalBytes > 0 ? usage.UsedBytes
                        : Allocated(mount),
                    BlockBytes = usage.BlockBytes,
                }
            );
        }
        return found;
    }

    /// <summary>Asks about each file of those that are on this machine.</summary>
    public IReadOnlyList<ObservedFileSystem> Walk(
        IReadOnlyList<ObservedFileSystem> fileSystems,
        IReadOnlyList<ObservedDevice> devices,
        IProgressStage stage,
        CancellationToken cancellation
    )
    {
        ILookup<ulong, ulong> images = devices
            .Select(device => device.Backing)
            .OfType<BackingFile>()
            .Where(backing => backing.FileSystem is not null)
            .ToLookup(backing => backing.FileSystem!.Value, backing => backing.Inode);
        List<ObservedFileSystem> walked = [];
        foreach (ObservedFileSystem mounted in fileSystems)
        {
            if (!IsHere(mounted) || !options.Walks(mounted.Mount))
            {
                walked.Add(mounted);
                continue;
            }
            FileCacheWalk walk = new(cache, [.. images[mounted.Mount.Device]], stage, cancellation);
            // What a mount shows a part of is seen in whole by another one of the same file system, or by several.
            IEnumerable<MountedFileSystem> from =
                mounted.Mount.Root == "/" ? [mounted.Mount] : mounts.Where(mount => mount.Device == mounted.Mount.Device);
            foreach (MountedFileSystem mount in from)
            {
                walk.Visit(mount.Place);
            }
            walked.Add(mounted with { CachedBytes = walk.Bytes });
            if (walk.Refused > 0)
            {
                notes.Add(
                    $"{mounted.Owner}: {walk.Refused} files or directories could not be opened; their page cache is in no row of their own"
                );
            }
        }
        return walked;
    }

    /// <summary>Whether its files may be walked: not over a network, where a server may not answer, and not an overlay, whose files' pages are those of
    /// the file systems below.</summary>
    private static bool IsHere(ObservedFileSystem mounted) =>
        !mounted.IsShared
        && mounted.Mount.Type is not ("overlay" or "fuseblk" or "hugetlbfs")
        && (mounted.BlockDevice is not null || WithoutDevice.Contains(mounted.Mount.Type));

    /// <summary>The number of its device: the file system's own, except where that is made up (btrfs) and the source names it.</summary>
    private static ulong? DeviceOf(MountedFileSystem mount)
    {
        const ulong majorMask = 0xfff00;
        if ((mount.Device & majorMask) != 0)
        {
            return mount.Device;
        }
        return
            mount.Source.StartsWith("/dev/", StringComparison.Ordinal)
            && FileNodes.TryStatus(null, Encoding.UTF8.GetBytes(mount.Source), followLinks: true, out FileStatus status, out _)
            && status.Type == FileStatus.TypeBlockDevice
            ? FileNodes.DeviceNumber(status.NodeMajor, status.NodeMinor)
            : null;
    }

    /// <summary>statfs(2); a mount that another covers answers for the other, so that is left out.</summary>
    private bool TryUsage(MountedFileSystem mount, out FileSystemUsage usage)
    {
        usage = default;
        bool hangs = mount.Type.StartsWith("nfs", StringComparison.Ordinal) || mount.Type.StartsWith("fuse", StringComparison.Ordinal);
        if (hangs || mount.Type is "cifs" or "smb3" or "ceph")
        {
            return false;
        }
        try
        {
            using SafeFileHandle? root = DetachedMount.TryOpen(mount.Place);
            usage = root is null ? FileSystemUsage.Of(mount.Place) : FileSystemUsage.Of(root, mount.Place);
            return true;
        }
        catch (LinuxException error)
        {
            notes.Add($"{mount.Type} {mount.Place}: {error.Message}");
            return false;
        }
    }

    private static long Allocated(MountedFileSystem mount)
    {
        using SafeFileHandle? root = DetachedMount.TryOpen(mount.Place);
        return root is null ? 0 : AllocatedIn(root);
    }

    private static long AllocatedIn(SafeFileHandle directory)
    {
        long sum = 0;
        foreach (DirectoryItem item in DirectoryListing.Read(directory))
        {
            if (!FileNodes.TryStatus(directory, item.Name, followLinks: false, out FileStatus status, out _))
            {
                continue;
            }
            if (status.IsDirectory)
            {
                using SafeFileHandle inner = FileNodes.TryOpen(
                    directory,
                    item.Name,
                    OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow,
                    0,
                    out int errno
                );
                sum += errno == 0 ? AllocatedIn(inner) : 0;
            }
            sum += status.Links <= 1 ? status.AllocatedBytes : status.AllocatedBytes / status.Links;
        }
        return sum;
    }
}
