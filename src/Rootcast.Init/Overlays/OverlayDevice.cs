using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Init.Devices;
using Rootcast.Init.Handover;
using Rootcast.Init.Stages;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Overlays;

/// <summary>The device that keeps what is written over reboots: its file system is mounted at <see cref="Place"/>, and an image has a directory of
/// it.</summary>
public static class OverlayDevice
{
    /// <summary>Where the device's file system is mounted.</summary>
    public const string Place = InitramfsPaths.RunDirectory + "/kept";

    private const string Discarded = "discarded";

    /// <summary>Finds the device, mounts it (read-only for <c>rootcast.overlay.readonly</c>), and deletes what was kept when the plan says so.</summary>
    /// <returns>The directory for this image; it may be absent when the mount is read-only. Null where live-boot's rules send what is written to
    /// memory.</returns>
    public static string? Mount(Boot boot)
    {
        if (boot.Plan.OverlayLayout == OverlayLayout.LiveBoot)
        {
            return PersistencePartition.TryFind(boot) is { } partition ? PersistencePartition.Check(boot, Mount(boot, partition)) : null;
        }
        return Mount(boot, Find(boot));
    }

    /// <summary>The upper half and its work directory, which must be on one file system.</summary>
    public static (string Upper, string Work) Halves(OverlayLayout layout, string kept) =>
        layout switch
        {
            OverlayLayout.Dracut => (kept, kept[..kept.LastIndexOf('/')] + "/ovlwork"),
            OverlayLayout.LiveBoot => (kept.TrimEnd('/') + "/rw", kept.TrimEnd('/') + "/work"),
            _ => (kept + "/upper", kept + "/work"),
        };

    /// <summary>Waits for the device that the plan names.</summary>
    public static FoundDevice Find(Boot boot) => DeviceWait.Find(boot, boot.Plan.OverlayDevice!, "overlay", "rootcast.overlay");

    /// <summary>Mounts a device that is found, and deletes what was kept when the plan says so.</summary>
    /// <returns>The directory for this image; it may be absent when the mount is read-only.</returns>
    public static string Mount(Boot boot, FoundDevice device)
    {
        if (device.Signature?.Type is not ("ext4" or "xfs" or "btrfs"))
        {
            throw new UserError(
                $"overlay: {device.Path} {(device.Signature is { } found ? $"is {found}" : "has no file system that init knows")}, "
                    + "and an overlay needs ext4, xfs or btrfs",
                $"Check rootcast.overlay=, or make a file system there: mkfs.ext4 -L NAME {device.Path}"
            );
        }
        return Mount(boot, device.Path, device.Signature.Type);
    }

    private static string Mount(Boot boot, string device, string type)
    {
        BootPlan plan = boot.Plan;
        boot.Modules.Require(type, $"the file system of {device}");
        ApiFileSystems.MakeDirectory(Place);
        // A reset is a change, which whoever asks for both wants before the rest is protected.
        bool readOnly = plan.OverlayReadOnly && !plan.OverlayReset;
        MountDevice(device, type, readOnly);
        string directory = $"{Place}/{plan.OverlayPath.Trim('/')}";
        if (readOnly)
        {
            return directory;
        }
        MakeDirectories(directory);
        if (plan.OverlayLayout != OverlayLayout.LiveBoot)
        {
            // In a directory of dracut's everything is part of the root, so what is deleted goes beside it.
            string discarded = plan.OverlayLayout == OverlayLayout.Dracut ? directory + "." + Discarded : $"{directory}/{Discarded}";
            Delete(boot, discarded);
            if (plan.OverlayReset)
            {
                Reset(boot, directory, discarded);
            }
        }
        if (plan.OverlayReadOnly)
        {
            Mounting.Remount(Place, MountFlags.ReadOnly | MountFlags.NoAccessTime);
        }
        return directory;
    }

    /// <summary>The carrier may have mounted the same device read-only, and a device has one state: then it becomes writable there too.</summary>
    private static void MountDevice(string device, string type, bool readOnly)
    {
        MountFlags flags = MountFlags.NoAccessTime | (readOnly ? MountFlags.ReadOnly : MountFlags.None);
        int errno = Mounting.TryMount(type, device, Place, flags);
        if (errno == Errno.Busy && FileNodes.Exists(DiskCarrier.MountPoint))
        {
            Mounting.Remount(DiskCarrier.MountPoint, MountFlags.NoSuid | MountFlags.NoDevices);
            errno = Mounting.TryMount(type, device, Place, flags);
        }
        if (errno != 0)
        {
            // Once more, for the kernel's own words.
            Mounting.Mount(type, device, Place, flags);
        }
    }

    /// <summary>What was kept gets another name first: a machine that loses power while it is deleted does not boot with half of it.</summary>
    private static void Reset(Boot boot, string directory, string discardedDirectory)
    {
        ApiFileSystems.MakeDirectory(discardedDirectory);
        using SafeFileHandle kept = FileNodes.Open(directory, OpenFlags.ReadOnly | OpenFlags.Directory);
        using SafeFileHandle discarded = FileNodes.Open(discardedDirectory, OpenFlags.ReadOnly | OpenFlags.Directory);
        foreach (DirectoryItem item in DirectoryListing.Read(kept, directory))
        {
            if (Encoding.UTF8.GetString(item.Name) != Discarded)
            {
                FileNodes.Rename(kept, item.Name, discarded, item.Name);
            }
        }
        Delete(boot, discardedDirectory);
        boot.Journal.Say($"rootcast.overlay.reset: what {boot.Plan.Overlay} held in {boot.Plan.OverlayPath} is deleted");
    }

    private static void Delete(Boot boot, string path)
    {
        byte[] name = Encoding.UTF8.GetBytes(path);
        if (!FileNodes.Exists(path))
        {
            return;
        }
        using (SafeFileHandle directory = FileNodes.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory))
        {
            InitramfsFiles.Delete(directory);
        }
        if (!FileNodes.TryRemove(null, name, isDirectory: true, out int errno))
        {
            boot.Journal.Problem($"{path} cannot be deleted whole: {Errno.Describe(errno)}");
        }
    }

    private static void MakeDirectories(string path)
    {
        for (int slash = path.IndexOf('/', Place.Length + 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            ApiFileSystems.MakeDirectory(path[..slash]);
        }
        ApiFileSystems.MakeDirectory(path);
    }
}
