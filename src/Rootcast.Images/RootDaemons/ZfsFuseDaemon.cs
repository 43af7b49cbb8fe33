using Rootcast.Contract;
using Rootcast.Images.Recipes;

namespace Rootcast.Images.RootDaemons;

/// <summary>The root daemon of form <c>zfs-fuse</c>, out of Debian's package of that name, as it is.</summary>
internal static class ZfsFuseDaemon
{
    /// <summary>What it is; a recipe that names a daemon <c>zfs-fuse</c> says it itself.</summary>
    public static RecipeRootDaemon Usual { get; } =
        new(
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
            ["/etc/zfs/zfsrc"],
            RecipePlace.None
        );

    /// <summary>The root daemons of a recipe with those that its forms need.</summary>
    public static IReadOnlyList<RecipeRootDaemon> With(Recipe recipe) =>
        !recipe.Forms.Contains(Form.ZfsFuse) || recipe.RootDaemons.Any(daemon => daemon.Daemon.Name == RootDaemon.ZfsFuse)
            ? recipe.RootDaemons
            : [.. recipe.RootDaemons, Usual];
}
