using System.Text;
using Rootcast.Contract;
using Rootcast.Init.Devices;
using Rootcast.Init.Stages;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Carriers;

/// <summary>Looks into the file system of every block device for what is wanted. Nothing is written to a medium, not even by replaying a
/// journal.</summary>
/// <param name="boot">The boot.</param>
/// <param name="look">Told where a medium is mounted: null when it has what is wanted, else what it lacks, for the log.</param>
public sealed class MediaSearch(Boot boot, Func<string, string?> look)
{
    private readonly HashSet<string> missed = new(StringComparer.Ordinal);

    /// <summary>Why a file is not the artefact; null when it may be.</summary>
    public static string? FileOf(string file, ArtefactIdentity artefact) =>
        !FileNodes.TryStatus(null, Encoding.UTF8.GetBytes(file), followLinks: true, out FileStatus status, out _) || !status.IsFile
            ? $"has no {MediaPaths.Of(artefact)}"
        : status.Size != artefact.Bytes ? $"has {MediaPaths.Of(artefact)} with {status.Size} bytes, the boot plan says {artefact.Bytes}"
        : null;

    /// <summary>Mounts the device's file system at <see cref="DiskCarrier.MountPoint"/> and looks into it; if it has not got what is wanted
    /// unmounts it again and says why. A device is asked once.</summary>
    public bool Holds(FoundDevice device)
    {
        if (device.Signature is not { } signature || missed.Contains(device.Path))
        {
            return false;
        }
        string? reason = Options(signature.Type) is { } options ? Look(device.Path, signature.Type, options) : "holds no files";
        if (reason is null)
        {
            return true;
        }
        missed.Add(device.Path);
        boot.Journal.Say($"{device.Path} ({signature}) {reason}");
        return false;
    }

    /// <summary>What to mount a medium with so that it stays as it is; null for what is no file system to look into.</summary>
    private static string? Options(string type) =>
        type switch
        {
            "ext4" => "noload",
            "xfs" => "norecovery,nouuid",
            "btrfs" => "rescue=nologreplay",
            "iso9660" or "vfat" => "",
            _ => null,
        };

    private string? Look(string device, string type, string options)
    {
        try
        {
            if (!boot.Modules.TryLoad(type) && !ModuleLoader.IsFileSystem(type))
            {
                return $"cannot be mounted: the initramfs has no module {type}";
            }
            ApiFileSystems.MakeDirectory(DiskCarrier.MountPoint);
            Mounting.Mount(type, device, DiskCarrier.MountPoint, DiskCarrier.Flags, options.Length == 0 ? null : options);
        }
        catch (LinuxException error)
        {
            return $"cannot be mounted: {error.Message}";
        }
        string? reason = look(DiskCarrier.MountPoint);
        if (reason is not null)
        {
            Mounting.Unmount(DiskCarrier.MountPoint);
        }
        return reason;
    }
}
