namespace Rootcast.Images.Tools;

/// <summary>Which Debian package has a program, or a file that no program is.</summary>
public static class DebianPackages
{
    /// <summary>The package; the program's own name where nothing better is known.</summary>
    public static string Of(string program) =>
        Path.GetFileName(program) switch
        {
            _ when program.StartsWith("/usr/lib/grub/i386-pc/", StringComparison.Ordinal) => "grub-pc-bin",
            _ when program.StartsWith("/usr/lib/grub/x86_64-efi/", StringComparison.Ordinal) => "grub-efi-amd64-bin",
            _ when program.StartsWith("/usr/lib/systemd/boot/", StringComparison.Ordinal) => "systemd-boot-efi",
            _ when program.StartsWith("/usr/share/OVMF/", StringComparison.Ordinal) => "ovmf",
            _ when program.StartsWith("/usr/lib/ipxe/qemu/", StringComparison.Ordinal) => "ipxe-qemu",
            _ when program.StartsWith("/usr/lib/ipxe/", StringComparison.Ordinal) => "ipxe",
            "tftp" => "tftp-hpa",
            "dnsmasq" => "dnsmasq-base",
            "ip" => "iproute2",
            "pg_createcluster" => "postgresql",
            "grub-mkimage" => "grub-common",
            "mcopy" or "mmd" or "mdir" => "mtools",
            "sbsign" or "sbverify" => "sbsigntool",
            "sfdisk" or "fdisk" => "fdisk",
            "lsblk" or "blkid" or "wipefs" => "util-linux",
            "mksquashfs" or "unsquashfs" or "sqfstar" or "sqfscat" => "squashfs-tools",
            "sqfs2tar" => "squashfs-tools-ng",
            "mkfs.erofs" or "fsck.erofs" or "dump.erofs" => "erofs-utils",
            "mke2fs" or "mkfs.ext4" or "e2fsck" or "debugfs" or "resize2fs" or "tune2fs" => "e2fsprogs",
            "mkfs.xfs" or "xfs_io" or "xfs_repair" or "xfs_growfs" => "xfsprogs",
            "mkfs.btrfs" or "btrfs" => "btrfs-progs",
            "mkfs.vfat" or "mkfs.fat" => "dosfstools",
            "qemu-system-x86_64" or "qemu-system-i386" => "qemu-system-x86",
            "qemu-system-aarch64" => "qemu-system-arm",
            "qemu-img" or "qemu-nbd" => "qemu-utils",
            "dpkg-deb" or "dpkg" => "dpkg",
            "apt" or "apt-get" or "apt-cache" or "apt-config" => "apt",
            "depmod" or "modprobe" or "modinfo" or "lsmod" => "kmod",
            "newuidmap" or "newgidmap" => "uidmap",
            "unshare" or "setsid" or "setpriv" or "losetup" or "nsenter" => "util-linux",
            "mount" or "umount" => "mount",
            "chroot" or "rm" or "env" or "cp" => "coreutils",
            "lb" => "live-build",
            "xz" => "xz-utils",
            "cc" => "gcc",
            "objcopy" or "objdump" => "binutils",
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
