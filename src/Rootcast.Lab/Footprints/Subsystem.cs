namespace Rootcast.Lab.Footprints;

/// <summary>Which part of the kernel a slab cache, a module or a function belongs to, by how the kernel's sources name them.</summary>
public static class Subsystem
{
    /// <summary>What belongs to no part that has a name here.</summary>
    public const string Kernel = "kernel";

    // The first that fits counts.
    private static readonly (string Prefix, string Owner)[] Prefixes =
    [
        ("squash", "squashfs"),
        ("z_erofs", "erofs"),
        ("erofs", "erofs"),
        ("ovl", "overlay"),
        ("overlay", "overlay"),
        ("dm_", "device-mapper"),
        ("dm-", "device-mapper"),
        ("kcopyd", "device-mapper"),
        ("zram", "zram"),
        ("zspage", "zram"),
        ("zs_", "zram"),
        ("zsmalloc", "zram"),
        ("loop", "loop"),
        ("ext4", "ext4"),
        ("jbd2", "ext4"),
        ("mbcache", "ext4"),
        ("xfs", "xfs"),
        ("btrfs", "btrfs"),
        ("isofs", "isofs"),
        ("fuse", "fuse"),
        ("nfs", "nfs"),
        ("nbd", "nbd"),
        ("zfs", "zfs"),
        ("spl", "zfs"),
        ("zio_", "zfs"),
        ("arc_", "zfs"),
        ("abd_", "zfs"),
        ("dnode_t", "zfs"),
        ("dmu_buf", "zfs"),
        ("dbuf_", "zfs"),
        ("hdr_t_", "zfs"),
        ("buf_hdr_t", "zfs"),
        ("sa_cache", "zfs"),
        ("lz4_cache", "zfs"),
        ("sio_cache", "zfs"),
        ("kcf_", "zfs"),
        ("icp", "zfs"),
        ("zcommon", "zfs"),
        ("zunicode", "zfs"),
        ("znvpair", "zfs"),
        ("zavl", "zfs"),
        ("zlua", "zfs"),
        ("zzstd", "zfs"),
        ("shmem", "tmpfs"),
        ("dentry", "dentries and inodes"),
        ("inode_cache", "dentries and inodes"),
        ("proc_inode", "dentries and inodes"),
        ("sock_inode", "dentries and inodes"),
        ("kernfs", "dentries and inodes"),
        ("names_cache", "dentries and inodes"),
        ("radix_tree_node", "page cache"),
        ("buffer_head", "page cache"),
    ];

    /// <summary>The owner of a slab cache, a module or a function by its name.</summary>
    public static string Of(string name)
    {
        foreach ((string prefix, string owner) in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return owner;
            }
        }
        return Kernel;
    }
}
