using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;
using Rootcast.Linux.Memory;
using Rootcast.Linux.Mounts;

namespace Rootcast.Lab.Footprints;

/// <summary>Where the files of loop devices are, and how much of them is in memory.</summary>
internal static class BackingFiles
{
    /// <summary>Finds each. The kernel's own word is device and inode; of a file in an overlay it is the overlay's, so the file below is looked for.</summary>
    public static IReadOnlyList<ObservedDevice> Locate(
        IReadOnlyList<ObservedDevice> devices,
        IReadOnlyList<MountedFileSystem> mounts,
        PageCacheReader cache
    ) => [.. devices.Select(device => device.Backing is { } backing ? device with { Backing = Located(backing, mounts, cache) } : device)];

    private static BackingFile Located(BackingFile backing, IReadOnlyList<MountedFileSystem> mounts, PageCacheReader cache)
    {
        foreach (string path in Below(backing.Path, mounts))
        {
            using SafeFileHandle file = FileNodes.TryOpen(
                null,
                Encoding.UTF8.GetBytes(path),
                OpenFlags.ReadOnly | OpenFlags.NoAccessTime | OpenFlags.NonBlocking,
                0,
                out int errno
            );
            if (errno != 0)
            {
                continue;
            }
            FileStatus status = FileNodes.Status(file);
            // Another file of that name: the one that the device stands on is deleted, or in another mount namespace.
            if (path == backing.Path && status.Inode != backing.Inode)
            {
                continue;
            }
            FileSystemUsage usage = FileSystemUsage.Of(path);
            long bytes =
                usage.Magic == FileSystemUsage.MagicTmpfs ? status.AllocatedBytes : cache.BytesOf(file, () => status.Size) ?? status.Size;
            return new BackingFile(path, status.Device, status.Inode, bytes);
        }
        return mounts.Any(mount => mount.Device == backing.FileSystem && mount.Type != "overlay")
            ? backing
            : backing with
            {
                FileSystem = null,
            };
    }

    /// <summary>The path, and where it is an overlay's: the paths where the real file may be, upper first.</summary>
    private static IEnumerable<string> Below(string path, IReadOnlyList<MountedFileSystem> mounts)
    {
        MountedFileSystem? mount = mounts
            .Where(mount => path == mount.Place || path.StartsWith(mount.Place.TrimEnd('/') + "/", StringComparison.Ordinal))
            .OrderBy(mount => mount.Place.Length)
            .LastOrDefault();
        if (mount?.Type != "overlay")
        {
            return [path];
        }
        string inside = path[mount.Place.TrimEnd('/').Length..];
        IEnumerable<string> layers = new[] { mount.Option("upperdir") }
            .OfType<string>()
            .Concat((mount.Option("lowerdir") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries));
        return layers.Select(layer => layer.TrimEnd('/') + inside);
    }
}
