namespace Rootcast.Contract;

/// <summary>How the root is held while the machine runs. Each has a host half (Rootcast.Images/Forms) and a guest half (Rootcast.Init/Forms).</summary>
public enum Form
{
    /// <summary>The tree's contents unpacked into a tmpfs of a bounded size. Artefact: <c>tree.tar.zst</c>.</summary>
    Tmpfs,

    /// <summary>An ext4 image copied into RAM and loop-mounted. Artefact: <c>root.img</c>.</summary>
    Ramdisk,

    /// <summary>A disk image in a squashfs, below a device-mapper snapshot that takes what is written. Artefact: <c>livefs.squashfs</c>.</summary>
    Livefs,

    /// <summary>Squashfs below an overlay whose upper half is a bounded tmpfs. Artefact: <c>root.squashfs</c>.</summary>
    Squashfs,

    /// <summary>EROFS below an overlay, as <see cref="Squashfs"/>: larger, and read in less time. Artefact: <c>root.erofs</c>.</summary>
    Erofs,

    /// <summary>A file system on a block device, mounted where it is. Artefact: <c>disk.img.zst</c>, the file system before it is written there.</summary>
    Disk,

    /// <summary>The tree's contents in a file system on a compressed RAM disk. Artefact: that of <see cref="Tmpfs"/>.</summary>
    Zram,

    /// <summary>A ZFS pool on one or more disks, imported by OpenZFS's kernel module. Artefact: <c>pool.img.zst</c>, the pool's disks one after another before
    /// each is written to one.</summary>
    Zfs,

    /// <summary>The same, served by the userspace daemon zfs-fuse (<see cref="RootDaemon"/>). Artefact: that of <see cref="Zfs"/>.</summary>
    ZfsFuse,

    /// <summary>The whole tree in the initramfs, unpacked by the kernel, which it never leaves. Artefact: <c>tree.cpio.zst</c>.</summary>
    Initramfs,
}
