using Rootcast.Contract;

namespace Rootcast.Images.Initramfs;

/// <summary>Modules without which a form cannot be mounted.</summary>
internal static class FormModules
{
    public static IReadOnlyList<string> Of(Form form) =>
        form switch
        {
            Form.Squashfs => ["squashfs", "overlay", "loop"],
            Form.Livefs => ["squashfs", "overlay", "loop", "dm_snapshot", "ext4"],
            Form.Erofs => ["erofs", "overlay", "loop"],
            Form.Zram => ["zram"],
            Form.Ramdisk => ["ext4", "loop"],
            Form.Zfs => ["zfs"],
            _ => [],
        };
}
