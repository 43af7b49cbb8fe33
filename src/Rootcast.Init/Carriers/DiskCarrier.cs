using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Init.Devices;
using Rootcast.Init.Forms;
using Rootcast.Init.Stages;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Carriers;

/// <summary>The artefact is on a block device: the device itself, or a file on its file system, which is then mounted read-only at
/// <see cref="MountPoint"/> and stays there as long as the root needs it. Where the plan names no device, every medium is looked at.</summary>
public sealed class DiskCarrier : ICarrier
{
    /// <summary>Where the device's file system is mounted.</summary>
    public const string MountPoint = InitramfsPaths.RunDirectory + "/device";

    /// <summary>How the file system of a medium is mounted.</summary>
    public const MountFlags Flags = MountFlags.ReadOnly | MountFlags.NoSuid | MountFlags.NoDevices;

    /// <summary>For a medium to appear, where another carrier follows: a USB stick takes about two seconds, and most machines have none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public IArtefactSource Find(Boot boot)
    {
        BootPlan plan = boot.Plan;
        if (FormCarriers.IsPool(plan.Form))
        {
            // A pool is looked for by what is in it, on all disks; the one that the plan names may be the one that is absent.
            return new LocalSource("all disks", boot, 0, null);
        }
        if (plan.Device is null)
        {
            return FindOnMedia(boot);
        }
        FoundDevice device = DeviceWait.Find(boot, plan.Device, "carrier disk", "rootcast.device");
        string file = plan.Path is null ? device.Path : MountDevice(boot, device, plan.Path);
        using SafeFileHandle handle = FileNodes.Open(file, OpenFlags.ReadOnly);
        long length = BlockDevice.Length(handle, file);
        if (FormCarriers.IsInPlace(plan.Form))
        {
            // The device holds what was written out of the artefact, grown and in use since.
            boot.Journal.Mark(Marks.ArtefactFound);
            return new LocalSource(file, boot with { Plan = plan with { Artefact = null } }, length, null);
        }
        CheckLength(plan, file, length);
        boot.Journal.Mark(Marks.ArtefactFound);
        return new LocalSource(file, boot, plan.Artefact?.Bytes ?? length, plan.Path is null ? null : MountPoint);
    }

    private static LocalSource FindOnMedia(Boot boot)
    {
        BootPlan plan = boot.Plan;
        if (plan.Inside is not null)
        {
            return FindForeign(boot);
        }
        if (plan.Artefact is not { } artefact)
        {
            throw new UserError(
                "carrier disk: neither rootcast.device= nor rootcast.artefact= says what to look for",
                "Add rootcast.device=LABEL=…, UUID=… or /dev/… to the boot plan, or rootcast.artefact=sha256:HEX,BYTES,UNPACKED to have every "
                    + "medium searched for it."
            );
        }
        TimeSpan patience = boot.OthersFollow && plan.Timeout > Patience ? Patience : plan.Timeout;
        boot.Journal.Say($"looks on all media for {MediaPaths.Of(artefact)}, for {patience.TotalSeconds:0} s");
        BlockDeviceSearch search = new(null);
        string file = MountPoint + MediaPaths.Of(artefact);
        MediaSearch media = new(boot, _ => MediaSearch.FileOf(file, artefact));
        FoundDevice device =
            boot.Devices.WaitFor(patience, () => search.Find(media.Holds))
            ?? throw new UserError(
                $"carrier disk: no medium has {MediaPaths.Of(artefact)} after {patience.TotalSeconds:0} s. {search.Describe()}",
                "Plug in the medium that rootcast iso wrote for this image, or copy the artefact to that path on any file system."
            );
        boot.Journal.Say($"{device.Path} ({device.Signature}) has {MediaPaths.Of(artefact)}");
        boot.Journal.Mark(Marks.ArtefactFound);
        return new LocalSource(file, boot, artefact.Bytes, MountPoint);
    }

    /// <summary>A medium of others: the first that has the image where the plan says, or the file that the image is in.</summary>
    private static LocalSource FindForeign(Boot boot)
    {
        BootPlan plan = boot.Plan;
        string wanted = plan.Path ?? string.Join(", ", ForeignImages.Candidates(plan.Inside!));
        boot.Journal.Say($"looks on all media for {wanted}, for {plan.Timeout.TotalSeconds:0} s");
        BlockDeviceSearch search = new(null);
        MediaSearch media = new(
            boot,
            place =>
                (
                    plan.Path is { } path
                        ? FileNodes.Exists($"{place}/{path.TrimStart('/')}")
                        : ForeignImages.Find(place, plan.Inside!).Count > 0
                )
                    ? null
                    : $"has no {wanted}"
        );
        FoundDevice device =
            boot.Devices.WaitFor(plan.Timeout, () => search.Find(media.Holds))
            ?? throw new UserError(
                $"carrier disk: no medium has {wanted} after {plan.Timeout.TotalSeconds:0} s. {search.Describe()}",
                "Plug in the medium, or name it by live-media= or rootcast.device=."
            );
        boot.Journal.Say($"{device.Path} ({device.Signature}) has it");
        boot.Journal.Mark(Marks.ArtefactFound);
        string file = plan.Path is null ? device.Path : $"{MountPoint}/{plan.Path.TrimStart('/')}";
        if (plan.Path is null)
        {
            Mounting.Unmount(MountPoint);
        }
        using SafeFileHandle handle = FileNodes.Open(file, OpenFlags.ReadOnly);
        return new LocalSource(file, boot, BlockDevice.Length(handle, file), null);
    }

    /// <summary>A file has exactly the plan's length; a device may be longer, since devices end on a sector.</summary>
    private static void CheckLength(BootPlan plan, string file, long length)
    {
        if (plan.Artefact is { } identity && (length < identity.Bytes || (plan.Path is not null && length != identity.Bytes)))
        {
            throw new UserError(
                $"carrier disk: {file} has {length} bytes, the boot plan says {identity.Bytes}",
                length < identity.Bytes
                    ? "The artefact was copied there incompletely, or the device is too small for it: copy it again."
                    : "It is another artefact than the plan's: copy the right one, or assemble the initrd again."
            );
        }
    }

    private static string MountDevice(Boot boot, FoundDevice device, string path)
    {
        if (device.Signature is not { } signature)
        {
            throw new UserError(
                $"carrier disk: {device.Path} has no file system that init knows, so {path} cannot be looked for on it",
                "Check rootcast.device=, or leave rootcast.path= out when the device itself is the artefact."
            );
        }
        boot.Modules.Require(signature.Type, $"the file system of {device.Path}");
        ApiFileSystems.MakeDirectory(MountPoint);
        Mounting.Mount(signature.Type, device.Path, MountPoint, Flags);
        string file = $"{MountPoint}/{path.TrimStart('/')}";
        if (!FileNodes.TryStatus(null, Encoding.UTF8.GetBytes(file), followLinks: true, out FileStatus status, out _) || !status.IsFile)
        {
            throw new UserError(
                $"carrier disk: {device.Path} ({signature}) has no file {path}",
                "Check rootcast.path=, or copy the artefact there."
            );
        }
        return file;
    }
}
