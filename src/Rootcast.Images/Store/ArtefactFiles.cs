using Rootcast.Contract;

namespace Rootcast.Images.Store;

/// <summary>What people and servers call the artefact of a form when it is a file.</summary>
public static class ArtefactFiles
{
    /// <summary>The file's name.</summary>
    public static string NameOf(Form form) =>
        form switch
        {
            Form.Tmpfs or Form.Zram => "tree.tar.zst",
            Form.Ramdisk => "root.img.zst",
            Form.Livefs => "livefs.squashfs",
            Form.Squashfs => "root.squashfs",
            Form.Erofs => "root.erofs",
            Form.Initramfs => "tree.cpio.zst",
            Form.Disk => "disk.img.zst",
            Form.Zfs or Form.ZfsFuse => "pool.img.zst",
            _ => throw new ArgumentOutOfRangeException(nameof(form), form, "a form without a file name"),
        };
}
