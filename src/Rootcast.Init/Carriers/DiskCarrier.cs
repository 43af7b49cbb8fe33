using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Init.Devices;
using Rootcast.Init.Stages;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Carriers;

/// <summary>The artefact is on a block device: the device itself, or a file on its file system, which is then mounted read-only at
/// <see cref="MountPoint"/> and stays there as long as the root needs it.</summary>
public sealed class DiskCarrier : ICarrier
{
    /// <summary>Where the device's file system is mounted.</summary>
    public const string MountPoint = InitramfsPaths.RunDirectory + "/device";

    /// <inheritdoc/>
    public IArtefactSource Find(Boot boot)
    {
        BootPlan plan = boot.Plan;
        if (plan.Device is null)
        {
            throw new UserError(
                "carrier disk: rootcast.device= is missing",
                "Add rootcast.device=LABEL=…, UUID=… or /dev/… to the boot plan."
            );
        }
        BlockDeviceSearch search = new(plan.Device);
        boot.Journal.Say($"looks for {plan.Device}");
        FoundDevice device =
            boot.Devices.WaitFor(plan.Timeout, search.Find)
            ?? throw new UserError(
                $"carrier disk: no block device is {plan.Device} after {plan.Timeout.TotalSeconds:0} s. {search.Describe()}",
                "Check rootcast.device=, that the disk is attached, and that the initramfs has the module of its controller."
            );
        boot.Journal.Say($"{plan.Device} is {device.Path}{(device.Signature is { } signature ? $" ({signature})" : "")}");
        string file = plan.Path is null ? device.Path : MountDevice(boot, device, plan.Path);
        using SafeFileHandle handle = FileNodes.Open(file, OpenFlags.ReadOnly);
        long length = BlockDevice.Length(handle, file);
        CheckLength(plan, file, length);
        boot.Journal.Mark(Marks.ArtefactFound);
        return new LocalSource(file, plan, plan.Artefact?.Bytes ?? length);
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
        Mounting.Mount(signature.Type, device.Path, MountPoint, MountFlags.ReadOnly | MountFlags.NoSuid | MountFlags.NoDevices);
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
