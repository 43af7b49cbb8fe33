using Rootcast.Contract;
using Rootcast.Images.Recipes;

namespace Rootcast.Images.RootDaemons;

/// <summary>What is packed for the forms whose root is a ZFS pool, out of the tree's packages as they are.</summary>
internal static class PoolDaemons
{
    /// <summary>Which machine had the pool last (hostid(5)), and which pools it had.</summary>
    private const string HostId = "/etc/hostid";

    /// <summary>The root daemon of form <c>zfs-fuse</c>; a recipe that names a daemon <c>zfs-fuse</c> says it itself.</summary>
    private static readonly RecipeRootDaemon Fuse = new(
        new RootDaemon
        {
            Name = RootDaemon.ZfsFuse,
            Program = "/sbin/zfs-fuse",
            Arguments = ["--no-daemon", "--no-kstat-mount"],
            ReadySocket = "/run/zfs/zfs_socket",
            Modules = ["fuse"],
        },
        // Without umount(8) the daemon says that it has unmounted something, and has not.
        ["/sbin/zpool", "/sbin/zfs", "/bin/mount", "/bin/umount", "/bin/sh"],
        // How large its cache may become, and how long the kernel keeps names.
        ["/etc/zfs/zfsrc", HostId],
        RecipePlace.None
    );

    /// <summary>The programs of form <c>zfs</c>: the kernel serves the root, and what imports and exports the pool lives where a root daemon would.</summary>
    private static readonly RecipeRootDaemon Kernel = new(
        new RootDaemon
        {
            Name = RootDaemon.Zfs,
            Program = "/sbin/zpool",
            Modules = ["zfs"],
        },
        ["/sbin/zfs", "/bin/sh"],
        ["/etc/zfs/zpool.cache", HostId],
        RecipePlace.None
    );

    /// <summary>The root daemons of a recipe with those that its forms need.</summary>
    public static IReadOnlyList<RecipeRootDaemon> With(Recipe recipe)
    {
        List<RecipeRootDaemon> daemons = [.. recipe.RootDaemons];
        foreach ((Form form, RecipeRootDaemon daemon) in ((Form, RecipeRootDaemon)[])[(Form.Zfs, Kernel), (Form.ZfsFuse, Fuse)])
        {
            if (recipe.Forms.Contains(form) && !daemons.Any(one => one.Daemon.Name == daemon.Daemon.Name))
            {
                daemons.Add(daemon);
            }
        }
        return daemons;
    }
}
