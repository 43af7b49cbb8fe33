using Rootcast.Linux.Memory;

namespace Rootcast.Lab.Footprints;

public sealed partial class FootprintAttribution
{
    /// <summary>tmpfs, memfd, System V, anonymous shared memory: all that meminfo calls Shmem.</summary>
    private long AddSharedMemory()
    {
        long total = Field("Shmem");
        long rest = total;
        foreach (ObservedFileSystem mounted in seen.FileSystems.Where(mounted => mounted.IsShared))
        {
            long images = AddImages(mounted);
            rest -= images;
            rest -= ledger.Add(mounted.Owner, RowKinds.MemoryFiles, null, (mounted.MemoryBytes ?? 0) - images, reclaimable: false);
        }
        rest -= ledger.Add("System V", RowKinds.SharedMemory, null, seen.SystemV, reclaimable: false);
        HashSet<ulong> mountedOnes = [.. seen.FileSystems.Where(mounted => mounted.IsShared).Select(mounted => mounted.Mount.Device)];
        foreach (UnnamedFile file in seen.UnnamedFiles.Where(file => file.IsShared && !mountedOnes.Contains(file.FileSystem)))
        {
            rest -= ledger.Add("processes", RowKinds.SharedMemory, $"{file.Name} of {file.Pid}", file.Bytes, reclaimable: false);
        }
        // Images whose file system no mount shows: an initrd's payload whose name init took away. Nobody can ask about them, so the device's length bounds.
        foreach (ObservedDevice device in seen.Devices.Where(device => device.Backing is { FileSystem: null }))
        {
            rest -= ledger.Add(
                owners.Of(device),
                KindOf(device, inMemory: true),
                $"{device.Name}: {device.Backing!.Path}",
                Math.Min(rest, device.Backing.Bytes),
                reclaimable: false
            );
        }
        if (seen.SeesAllProcesses)
        {
            ledger.Add(
                "initramfs",
                RowKinds.MemoryFiles,
                "shared memory that no mount or process shows (or buffers of a graphics driver)",
                rest,
                reclaimable: false
            );
        }
        else
        {
            ledger.Add(
                "shared memory",
                RowKinds.SharedMemory,
                "of processes that could not be asked, or the initramfs",
                rest,
                reclaimable: false
            );
        }
        return total;
    }

    /// <summary>Files and block devices.</summary>
    private long AddPageCache()
    {
        long ramfs = seen.Census is { } census
            ? census[PageClass.Ramfs] * PageBytes
            : seen.FileSystems.Where(mounted => mounted.IsRamfs).Sum(mounted => mounted.CachedBytes ?? 0);
        long total = Field("Cached") + Field("Buffers") - Field("Shmem");
        long rest = total - ramfs;
        foreach (ObservedDevice device in seen.Devices)
        {
            rest -= ledger.Add(owners.Of(device), RowKinds.CachedDevice, device.Name, device.CachedBytes ?? 0, reclaimable: true);
        }
        foreach (ObservedFileSystem mounted in seen.FileSystems.Where(mounted => !mounted.IsShared))
        {
            long images = AddImages(mounted);
            if (mounted.IsRamfs)
            {
                ramfs -= images + ledger.Add(mounted.Owner, RowKinds.MemoryFiles, null, mounted.CachedBytes ?? 0, reclaimable: false);
                continue;
            }
            rest -= images + ledger.Add(mounted.Owner, RowKinds.CachedFiles, null, mounted.CachedBytes ?? 0, reclaimable: true);
        }
        foreach (UnnamedFile file in seen.UnnamedFiles.Where(file => !file.IsShared))
        {
            string owner = seen.FileSystems.FirstOrDefault(mounted => mounted.Mount.Device == file.FileSystem)?.Owner ?? "page cache";
            rest -= ledger.Add(owner, RowKinds.CachedFiles, $"{file.Name} of {file.Pid}", file.Bytes, reclaimable: true);
        }
        ledger.Add("initramfs", RowKinds.MemoryFiles, "ramfs that no mount shows", ramfs, reclaimable: false);
        AddOtherCache(rest);
        return total;
    }

    /// <summary>Pages of inodes that have no path. With one candidate mounted it is that one's; else nobody can say whose.</summary>
    private void AddOtherCache(long bytes)
    {
        if (seen is { ByMapping: true, Census: { } census })
        {
            bytes -= ledger.Add(
                "page cache",
                RowKinds.OtherCache,
                "made by read-ahead and never filled",
                Math.Min(bytes, census.Unread * PageBytes),
                reclaimable: true
            );
        }
        (string Type, string Holds)[] candidates =
        [
            ("erofs", "compressed blocks that it keeps, by elimination"),
            ("btrfs", "metadata, by elimination"),
            ("f2fs", "metadata, by elimination"),
        ];
        candidates = [.. candidates.Where(candidate => seen.FileSystems.Any(mounted => mounted.Mount.Type == candidate.Type))];
        (string owner, string detail) = candidates is [var only]
            ? (only.Type, only.Holds)
            : ("page cache", "of no path: deleted, on file systems that were not walked, or their metadata");
        ledger.Add(owner, RowKinds.OtherCache, detail, bytes, reclaimable: true);
    }

    /// <summary>Images of loop devices in a file system; returns their bytes.</summary>
    private long AddImages(ObservedFileSystem mounted)
    {
        long images = 0;
        HashSet<ulong> counted = [];
        foreach (ObservedDevice device in seen.Devices.Where(device => device.Backing?.FileSystem == mounted.Mount.Device))
        {
            BackingFile backing = device.Backing!;
            bool inMemory = mounted.IsShared || mounted.IsRamfs;
            if (counted.Add(backing.Inode))
            {
                images += ledger.Add(
                    owners.Of(device),
                    KindOf(device, inMemory),
                    $"{device.Name}: {backing.Path} on {mounted.Owner}",
                    backing.Bytes,
                    reclaimable: !inMemory
                );
            }
        }
        return images;
    }

    private static string KindOf(ObservedDevice device, bool inMemory) =>
        device.IsExceptionStore ? RowKinds.ExceptionStore
        : inMemory ? RowKinds.MemoryImage
        : RowKinds.CachedImage;
}
