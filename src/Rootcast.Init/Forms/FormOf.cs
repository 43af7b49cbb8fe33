using Rootcast.Contract;

namespace Rootcast.Init.Forms;

/// <summary>The form that a plan names.</summary>
public static class FormOf
{
    /// <summary>Chooses it.</summary>
    public static IForm Plan(BootPlan plan) => plan.Inside is null ? Named(plan) : new ForeignForm(Named(plan));

    private static IForm Named(BootPlan plan) =>
        plan.Form switch
        {
            Form.Tmpfs => new TmpfsForm(),
            Form.Livefs => new LivefsForm(),
            Form.Ramdisk => new RamdiskForm(),
            Form.Erofs => new ErofsForm(),
            Form.Zram => new ZramForm(),
            Form.Initramfs => new InitramfsForm(),
            Form.Disk => new DiskForm(),
            Form.Zfs => new ZfsForm(),
            Form.ZfsFuse => new ZfsFuseForm(),
            _ => new SquashfsForm(),
        };
}
