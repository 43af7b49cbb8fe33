using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Init.RootDaemons;
using Rootcast.Linux.Block;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Forms;

/// <summary>A file system on a block device, mounted where it is and, unless the plan's options say otherwise, for writing: a tree without an fstab would stay
/// read-only otherwise. Journals are replayed by the mount; checking more is the tree's business.</summary>
public sealed class DiskForm : IForm
{
    private static readonly string[] Types = ["ext4", "xfs", "btrfs"];

    /// <inheritdoc/>
    public void Prepare(Boot boot)
    {
        BootPlan plan = boot.Plan;
        string? wrong =
            plan.Carriers.Where(carrier => FormCarriers.Fit(plan.Form, carrier)) is null
                ? $"carrier {plan.Carriers} cannot bring it, since it is mounted where it is"
            : plan.Path is not null ? $"rootcast.path={plan.Path} names a file, and this form is a file system on a device"
            : plan.Device is null ? "rootcast.device= is missing"
            : null;
        if (wrong is not null)
        {
            throw new UserError(
                $"form disk: {wrong}",
                "Write the image to a disk (rootcast write) and boot with rootcast.carrier=disk rootcast.device=UUID=…, LABEL=… or /dev/…."
            );
        }
        if (plan.Daemon is { } daemon)
        {
            RootDaemonStart.Prepare(boot, daemon);
        }
    }

    /// <inheritdoc/>
    public void Mount(Boot boot, IArtefactSource source, string root)
    {
        string device = source.MountablePath!;
        if (boot.Plan.Daemon is { } daemon)
        {
            RootDaemonStart.Show(RootDaemonStart.Serve(boot, daemon, device), root);
            boot.Journal.Say($"{device} is the root, served by root daemon {daemon}");
            return;
        }
        FileSystemSignature? signature = ForeignImages.SignatureOf(device);
        if (signature is null || !Types.Contains(signature.Type))
        {
            throw new InvalidDataException(
                $"{device} holds no root file system: it {(signature is null ? "begins with unknown bytes" : $"is {signature}")}, not "
                    + string.Join(", ", Types)
            );
        }
        boot.Modules.Require(signature.Type, $"the file system of {device}");
        MountOptions options = MountOptions.Parse(boot.Plan.Options);
        Mounting.Mount(signature.Type, device, root, options.Flags, options.Data);
        string how = options.Flags.HasFlag(MountFlags.ReadOnly) ? "read-only, as the plan says" : "for writing";
        boot.Journal.Say($"{device} ({signature}) is the root, {how}{(options.Data is null ? "" : $", with {options.Data}")}");
    }
}
