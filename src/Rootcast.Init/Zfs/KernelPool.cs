using Rootcast.Contract;
using Rootcast.Init.RootDaemons;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Zfs;

/// <summary>A pool that OpenZFS's module has.</summary>
/// <param name="boot">The boot.</param>
/// <param name="programs">In whose root zpool(8) and zfs(8) are.</param>
public sealed class KernelPool(Boot boot, RunningDaemon programs)
{
    private readonly DaemonCommand command = new(programs, PoolRoot.Longest);

    /// <summary>Finds it, imports it, and mounts the root and what lies below.</summary>
    /// <param name="place">Where.</param>
    /// <returns>The pool's name.</returns>
    /// <exception cref="UserError">There is no such pool, it lacks disks, it belongs to another machine, or its key does not fit.</exception>
    public string Mount(string place)
    {
        PoolSearch search = new(boot, programs);
        FoundPool pool = search.Find();
        // Without the file that tells the next boot which pools this machine had: they are looked for.
        search.Import(pool, ["-N", "-o", "cachefile=none", .. boot.Plan.ZfsReadOnly ? (string[])["-o", "readonly=on"] : []]);
        string root = new PoolRoot(boot, programs).Choose(pool, "/");
        new PoolKey(boot, programs).Load(root);
        MountOptions options = MountOptions.Parse(boot.Plan.Options);
        MountFlags flags = options.Flags | (boot.Plan.ZfsReadOnly ? MountFlags.ReadOnly : MountFlags.None);
        try
        {
            Mounting.Mount("zfs", root, place, flags, Data("/", options.Data));
        }
        catch (LinuxException error)
        {
            throw new UserError(
                $"{root} cannot be mounted: {error.Message}",
                "Check rootcast.zfs=, which names POOL/DATASET; without it the pool's bootfs is taken (zpool get bootfs)."
            );
        }
        MountBelow(root, place, flags);
        return pool.Name;
    }

    /// <summary>What the system needs before it would mount it itself: /usr, /var.</summary>
    private void MountBelow(string root, string place, MountFlags flags)
    {
        if (root.Contains('@', StringComparison.Ordinal))
        {
            return;
        }
        (_, string said) = command.Run(
            PoolRoot.FileSystems,
            "list",
            "-H",
            "-r",
            "-t",
            "filesystem",
            "-o",
            "name,mountpoint,canmount",
            root
        );
        List<(string Name, string Place)> below = [];
        foreach (string line in said.Split('\n'))
        {
            if (line.Split('\t') is [var name, ['/', _, ..] at, "on"] && name != root && !at.Contains("/../", StringComparison.Ordinal))
            {
                below.Add((name, at));
            }
        }
        below.Sort((one, other) => string.CompareOrdinal(one.Place, other.Place));
        foreach ((string name, string at) in below)
        {
            if (!FileNodes.Exists(place + at) || Mounting.TryMount("zfs", name, place + at, flags, Data(at, null)) is not 0)
            {
                boot.Journal.Problem($"{name} is not mounted on {at}: the directory is absent, or its key; zfs mount -a tries again");
            }
        }
    }

    /// <summary>Where it will be: snapshots are shown below it (.zfs).</summary>
    private static string Data(string place, string? further) => $"mntpoint={place}{(further is null ? "" : $",{further}")}";
}
