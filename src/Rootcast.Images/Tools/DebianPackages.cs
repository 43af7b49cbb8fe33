namespace Rootcast.Images.Tools;

/// <summary>Which Debian package has a program.</summary>
public static class DebianPackages
{
    /// <summary>The package; the program's own name where nothing better is known.</summary>
    public static string Of(string program) =>
        Path.GetFileName(program) switch
        {
            "mksquashfs" or "unsquashfs" or "sqfstar" or "sqfscat" => "squashfs-tools",
            "mkfs.erofs" or "fsck.erofs" or "dump.erofs" => "erofs-utils",
            "mke2fs" or "mkfs.ext4" or "e2fsck" or "debugfs" or "resize2fs" or "tune2fs" => "e2fsprogs",
            "mkfs.xfs" or "xfs_io" or "xfs_repair" => "xfsprogs",
            "mkfs.btrfs" or "btrfs" => "btrfs-progs",
            "mkfs.vfat" or "mkfs.fat" => "dosfstools",
            "qemu-system-x86_64" or "qemu-system-i386" => "qemu-system-x86",
            "qemu-system-aarch64" => "qemu-system-arm",
            "qemu-img" or "qemu-nbd" => "qemu-utils",
            "dpkg-deb" or "dpkg" => "dpkg",
            "apt" or "apt-get" or "apt-cache" or "apt-config" => "apt",
            "depmod" or "modprobe" or "modinfo" or "lsmod" => "kmod",
            "newuidmap" or "newgidmap" => "uidmap",
            "unshare" or "setsid" or "setpriv" or "losetup" or "sfdisk" or "nsenter" => "util-linux",
            "mount" or "umount" => "mount",
            "chroot" or "rm" or "env" or "cp" => "coreutils",
            "xz" => "xz-utils",
            "cc" => "gcc",
            "bsdcpio" or "bsdtar" => "libarchive-tools",
            "zpool" or "zfs" => "zfsutils-linux",
            "busybox" => "busybox-static",
            "setcap" or "getcap" => "libcap2-bin",
            "setfattr" or "getfattr" => "attr",
            "gpgv" => "gpgv",
            "ssh-keygen" or "ssh" => "openssh-client",
            string name => name,
        };
}
