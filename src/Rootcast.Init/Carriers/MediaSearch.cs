using System.Text;
using Rootcast.Contract;
using Rootcast.Init.Devices;
using Rootcast.Init.Stages;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Carriers;

/// <summary>Looks on the file system of every block device for the artefact under <see cref="MediaPaths.Of"/>. Nothing is written to a medium,
/// not even by replaying a journal.</summary>
public sealed class MediaSearch(Boot boot, ArtefactIdentity artefact)
{
    private readonly HashSet<string> missed = new(StringComparer.Ordinal);

    /// <summary>Where the artefact's file is seen, once <see cref="Holds"/> has found it.</summary>
    public string File { get; } = DiskCarrier.MountPoint + MediaPaths.Of(artefact);

    /// <summary>Mounts the device's file system at <see cref="DiskCarrier.MountPoint"/> and looks whether the artefact is there with the right
    /// length; if not, unmounts it again and says why. A device is asked once.</summary>
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
        string? reason =
            !FileNodes.TryStatus(null, Encoding.UTF8.GetBytes(File), followLinks: true, out FileStatus status, out _) || !status.IsFile
                ? $"has no {MediaPaths.Of(artefact)}"
            : status.Size != artefact.Bytes ? $"has {MediaPaths.Of(artefact)} with {status.Size} bytes, the boot plan says {artefact.Bytes}"
            : null;
        if (reason is not null)
        {
            Mounting.Unmount(DiskCarrier.MountPoint);
        }
        return reason;
    }
}
