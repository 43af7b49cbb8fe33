using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Init.Handover;
using Rootcast.Init.RootDaemons;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Zfs;

/// <summary>A pool that zfs-fuse imports, and mounts where it serves.</summary>
/// <param name="boot">The boot.</param>
/// <param name="daemon">zfs-fuse, which runs.</param>
public sealed class ServedPool(Boot boot, RunningDaemon daemon)
{
    private readonly DaemonCommand command = new(daemon, PoolRoot.Longest);

    /// <summary>Finds it, imports it, and has the root and what lies below mounted.</summary>
    /// <returns>The pool's name.</returns>
    /// <exception cref="UserError">There is no such pool, it lacks disks, or it belongs to another machine.</exception>
    public string Mount()
    {
        PoolSearch search = new(boot, daemon);
        FoundPool pool = search.Find();
        search.Import(pool, "-R", daemon.Served);
        string root = new PoolRoot(boot, daemon).Choose(pool, daemon.Served);
        if (Mounted() == root)
        {
            return pool.Name;
        }
        // What import mounted lies below another root, or below none. There its directories stay, and zfs mounts on none that is not empty.
        command.Run(PoolRoot.FileSystems, "umount", "-a");
        if (Mounted() is null)
        {
            using SafeFileHandle place = FileNodes.Open(daemon.Served, OpenFlags.ReadOnly | OpenFlags.Directory);
            InitramfsFiles.Delete(place);
        }
        (int code, string said) = command.Run(PoolRoot.FileSystems, "mount", root);
        if (code != 0 || Mounted() != root)
        {
            throw new UserError(
                $"{root} is not the root: {(said.Length > 0 ? said : "it is mounted elsewhere than on /")}",
                "Its mountpoint must be /: zfs set mountpoint=/, and canmount=noauto where another has it too."
            );
        }
        (code, said) = command.Run(PoolRoot.FileSystems, "mount", "-a");
        if (code != 0)
        {
            boot.Journal.Problem($"not every file system of the pool is mounted: {said}");
        }
        return pool.Name;
    }

    private string? Mounted() => MountedFileSystem.All().LastOrDefault(mount => mount.Place == daemon.Served)?.Source;
}
