using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Formats.Snapshots;
using Rootcast.Linux;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;
using Rootcast.Linux.Memory;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Overlays;

/// <summary>
/// A writable root over a disk image that cannot be written: a device-mapper snapshot, whose store is in memory, on a device, or nowhere.
/// A snapshot whose store is full loses everything, reads too. So every store has room for each block of the image and can't become full; what can
/// is the file system above, which then says so to who writes.
/// </summary>
/// <param name="boot">The boot, with the plan's overlay.</param>
/// <param name="origin">The image's block device.</param>
/// <param name="type">Its file system.</param>
public sealed class SnapshotRoot(Boot boot, string origin, string type)
{
    private const string Root = "rootcast-root";
    private const string Kept = "rootcast-kept";
    private const int ChunkSectors = SnapshotStore.NewChunkBytes / MappedTarget.SectorBytes;

    /// <summary>The modules that the plan's overlay needs.</summary>
    public static IReadOnlyList<string> Modules(BootPlan plan) => plan.Overlay == BootPlan.NoOverlay ? [] : ["dm_snapshot"];

    /// <summary>Whether blocks of deleted files shall go back to where the store is: in memory.</summary>
    public static bool Discards(BootPlan plan) => plan.Overlay is null || plan.OverlayReadOnly;

    /// <summary>Mounts the root.</summary>
    /// <param name="root">An empty directory.</param>
    public void Mount(string root)
    {
        BootPlan plan = boot.Plan;
        if (plan.Overlay == BootPlan.NoOverlay)
        {
            Mounting.Mount(type, origin, root, MountFlags.ReadOnly | MountFlags.NoAccessTime);
            boot.Journal.Say($"rootcast.overlay={BootPlan.NoOverlay}: the root is read-only");
            return;
        }
        long length = LengthOf(origin);
        using DeviceMapper mapper = DeviceMapper.Open();
        if (plan.OverlayDevice is null)
        {
            MountOverMemory(mapper, origin, length, root, isPristine: true);
            return;
        }
        using SnapshotKeeping? kept = SnapshotKeeping.Open(boot, length);
        if (!plan.OverlayReadOnly)
        {
            string device = mapper.Create(Root, [Snapshot(origin, length, kept!.Path, "P")]);
            Mounting.Mount(type, device, root, MountFlags.NoAccessTime);
            boot.Journal.Say($"what is written is kept on {plan.Overlay}, of which it may take all of the image's {length} bytes");
            return;
        }
        string below = kept is null ? origin : mapper.Create(Kept, [Snapshot(origin, length, kept.Path, "P")], readOnly: true);
        MountOverMemory(mapper, below, length, root, isPristine: kept is null);
        boot.Journal.Say($"what {plan.Overlay} holds is there, and what is written goes to memory");
    }

    private static MappedTarget Snapshot(string below, long length, string store, string kind, string features = "") =>
        new(0, length / MappedTarget.SectorBytes, "snapshot", $"{below} {store} {kind} {ChunkSectors}{features}");

    /// <param name="mapper">The device mapper.</param>
    /// <param name="below">What the snapshot is of.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="root">Where to mount.</param>
    /// <param name="isPristine">Whether the file system below was never written to, so that its journal is empty.</param>
    private void MountOverMemory(DeviceMapper mapper, string below, long length, string root, bool isPristine)
    {
        long bytes = SnapshotStore.BytesForAll(length);
        OverlayMemory.Mount(boot, bytes);
        const string file = OverlayMemory.Place + "/changes";
        using (SafeFileHandle created = FileNodes.Open(file, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0x180))
        {
            FileData.SetLength(created, bytes, file);
        }
        using LoopDevice store = LoopDevice.Attach(file, new LoopOptions(ReadOnly: false));
        string device = CreateGivingBack(mapper, below, length, store.Path);
        MountGivingBack(device, root, isPristine);
        Bound(device, root);
    }

    /// <summary>Blocks of deleted files go back to memory: the file system discards them, the snapshot (since 5.3) zeroes them in its store, and the loop
    /// device makes holes of that.</summary>
    private string CreateGivingBack(DeviceMapper mapper, string below, long length, string store)
    {
        try
        {
            return mapper.Create(Root, [Snapshot(below, length, store, "N", " 1 discard_zeroes_cow")]);
        }
        catch (LinuxException error) when (error.Number == Errno.Invalid)
        {
            boot.Journal.Problem("this kernel's snapshots cannot give back what is deleted: it stays in memory");
            return mapper.Create(Root, [Snapshot(below, length, store, "N")]);
        }
    }

    /// <summary>Over memory a journal would be written for nothing; an empty one can be left out.</summary>
    private void MountGivingBack(string device, string root, bool isPristine)
    {
        string options = type switch
        {
            "ext4" when isPristine => "noload,discard",
            // Its other way, asynchronous, gives back only some time later.
            "btrfs" => "discard=sync",
            _ => "discard",
        };
        int errno = Mounting.TryMount(type, device, root, MountFlags.NoAccessTime, options);
        if (errno == Errno.Invalid)
        {
            boot.Journal.Problem($"{type} does not take the options {options}: {Errno.Describe(errno)}");
            Mounting.Mount(type, device, root, MountFlags.NoAccessTime);
        }
        else if (errno != 0)
        {
            Mounting.Mount(type, device, root, MountFlags.NoAccessTime, options);
        }
    }

    /// <summary>rootcast.overlay.size= bounds what can be written by what the file system hands out, so that reaching it is an ordinary «no space left».</summary>
    private void Bound(string device, string root)
    {
        FileSystemUsage usage = FileSystemUsage.Of(root);
        long bound = boot.Plan.OverlaySize.ToBytes(MemoryInfo.Read().Total);
        string reserved = $"/sys/fs/{type}/{device["/dev/".Length..]}/reserved_clusters";
        long withheld = usage.FreeBytes - bound;
        if (withheld > 0 && type == "ext4")
        {
            SmallFile.Write(reserved, $"{withheld / usage.BlockBytes}\n");
            boot.Journal.Say($"{bound} bytes can be written to the root; a smaller number in {reserved} allows more, 0 all of the image");
            return;
        }
        if (withheld > 0 && type == "btrfs" && TryShrink(root, usage, bound))
        {
            return;
        }
        boot.Journal.Say(
            $"{Math.Min(usage.AvailableBytes, usage.FreeBytes)} bytes can be written to the root, as many as the image has free"
        );
    }

    /// <summary>btrfs has no number of blocks that it withholds, but it can be made smaller while it is mounted.</summary>
    private bool TryShrink(string root, FileSystemUsage usage, long bound)
    {
        long bytes = Math.Max(usage.UsedBytes + bound, BtrfsSize.Least);
        try
        {
            BtrfsSize.Change(root, bytes);
        }
        catch (LinuxException error)
        {
            boot.Journal.Problem($"what is written to the root is not bounded by rootcast.overlay.size: {error.Message}");
            return false;
        }
        boot.Journal.Say(
            $"{bytes - usage.UsedBytes} bytes can be written to the root; btrfs filesystem resize max / allows all of the image"
        );
        return true;
    }

    private static long LengthOf(string device)
    {
        using SafeFileHandle handle = FileNodes.Open(device, OpenFlags.ReadOnly);
        return BlockDevice.Length(handle, device);
    }
}
