using System.Text;
using Rootcast.Contract;
using Rootcast.Init.Devices;
using Rootcast.Init.RootDaemons;
using Rootcast.Init.Stages;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Zfs;

/// <summary>Finds the pool that has the root, imports it, and has the root's file system mounted where the daemon serves.</summary>
/// <param name="boot">The boot.</param>
/// <param name="daemon">zfs-fuse, which runs.</param>
public sealed class PoolImport(Boot boot, RunningDaemon daemon)
{
    private const string Pool = "/sbin/zpool";
    private const string FileSystems = "/sbin/zfs";
    private const string AllDevices = "/dev";

    /// <summary>In the daemon's root: a directory with nothing but the disk that the plan names.</summary>
    private const string OneDevice = "/tmp/device";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);

    private readonly DaemonCommand command = new(daemon, Longest);
    private readonly DaemonCommand search = new(daemon, Longest) { Devices = PoolDisks.Place };
    private readonly PoolDisks disks = new(daemon);
    private string listed = "";

    /// <summary>Does all of it.</summary>
    /// <returns>The pool's name.</returns>
    /// <exception cref="UserError">There is no such pool, it lacks disks, or it belongs to another machine.</exception>
    public string Run()
    {
        string[] wanted = (boot.Plan.Zfs ?? "").Split('/', 2);
        FoundPool pool = Find(wanted[0]);
        Import(pool);
        string root = RootOf(pool, wanted.Length == 2 ? boot.Plan.Zfs : null);
        if (boot.Plan.ZfsSnapshot is { } snapshot)
        {
            root = Clone(root, snapshot);
        }
        MountRoot(root);
        boot.Journal.Say($"{root} is the root, in pool {pool.Name} ({pool.Id})");
        return pool.Name;
    }

    /// <summary>Waits for all of its disks, then takes it without those that are absent.</summary>
    private FoundPool Find(string wanted)
    {
        string? device = wanted.Length == 0 ? boot.Plan.Device : null;
        BlockDeviceSearch named = new(device);
        boot.Journal.Say(
            $"looks for {(device is not null ? $"the ZFS pool on {device}" : wanted.Length == 0 ? "the only ZFS pool" : $"the ZFS pool {wanted}")}"
        );
        FoundPool? incomplete = null;
        FoundPool? whole = boot.Devices.WaitFor(
            boot.Plan.Timeout,
            () =>
            {
                if (device is not null)
                {
                    if (named.Find() is not { } found)
                    {
                        return null;
                    }
                    wanted = PoolOn(found.Path);
                    device = null;
                }
                incomplete = Choose(List(AllDevices), wanted);
                return incomplete is { IsWhole: true } ? incomplete : null;
            }
        );
        if (device is not null)
        {
            // It may be the absent half of a mirror.
            boot.Journal.Problem($"no block device is {device} after {boot.Plan.Timeout.TotalSeconds:0} s; the only pool is taken");
            incomplete = Choose(List(AllDevices), wanted);
        }
        if (whole is not null)
        {
            return whole;
        }
        if (incomplete is { IsUsable: true })
        {
            boot.Journal.Problem(
                $"pool {incomplete.Name} is {incomplete.State} after {boot.Plan.Timeout.TotalSeconds:0} s: {incomplete.Status} It is used as it is."
            );
            return incomplete;
        }
        throw incomplete is not null
            ? new UserError(
                $"pool {incomplete.Name} is {incomplete.State}: {incomplete.Status}",
                "Attach the disks that it lacks. zpool import, in a machine that boots, lists them."
            )
            : new UserError(
                $"there is no ZFS pool{(wanted.Length == 0 ? "" : " " + wanted)} after {boot.Plan.Timeout.TotalSeconds:0} s. {Described()}",
                "Check rootcast.zfs=, that the disks are attached, and that the initramfs has the module of their controller."
            );
    }

    /// <summary>The number of the pool on a disk, whatever other pools there are.</summary>
    private string PoolOn(string device)
    {
        string directory = daemon.Place + OneDevice;
        ApiFileSystems.MakeDirectory(directory);
        FileNodes.MakeSymlink(Encoding.UTF8.GetBytes(device), null, Encoding.UTF8.GetBytes($"{directory}/disk"));
        IReadOnlyList<FoundPool> pools = List(OneDevice);
        return pools.Count > 0
            ? pools[0].Id
            : throw new UserError(
                $"{device} has no ZFS pool: {listed}",
                "Write the image to it (rootcast write), or name another by rootcast.device= or rootcast.zfs=."
            );
    }

    private IReadOnlyList<FoundPool> List(string directory)
    {
        disks.Refresh();
        (_, listed) = search.Run(Pool, "import", "-d", directory);
        return FoundPool.Parse(listed);
    }

    private static FoundPool? Choose(IReadOnlyList<FoundPool> pools, string wanted)
    {
        List<FoundPool> fitting = [.. pools.Where(pool => wanted.Length == 0 || pool.Name == wanted || pool.Id == wanted)];
        return fitting.Count <= 1
            ? fitting.FirstOrDefault()
            : throw new UserError(
                $"there is more than one ZFS pool: {string.Join(", ", fitting.Select(pool => $"{pool.Name} ({pool.Id})"))}",
                "Say which by rootcast.zfs=, with its name or number."
            );
    }

    private void Import(FoundPool pool)
    {
        (int code, string said) = search.Run([
            Pool,
            "import",
            .. boot.Plan.ZfsForce ? (string[])["-f"] : [],
            "-d",
            AllDevices,
            "-R",
            daemon.Served,
            pool.Id,
        ]);
        if (code != 0)
        {
            throw new UserError(
                $"pool {pool.Name} cannot be imported: {said}",
                said.Contains("other system", StringComparison.Ordinal)
                    ? "Another machine had it and did not export it. When that one is off: rootcast.zfs.force takes it."
                    : "Its own words are above; boot with rootcast.rescue=handover to try it by hand."
            );
        }
        if (said.Length > 0)
        {
            boot.Journal.Say(said);
        }
    }

    /// <summary>What is asked for, else the pool's <c>bootfs</c>, else what it mounts on /.</summary>
    private string RootOf(FoundPool pool, string? asked)
    {
        if (asked is not null)
        {
            return asked;
        }
        (_, string said) = command.Run(Pool, "get", "bootfs", pool.Name);
        // NAME PROPERTY VALUE SOURCE, in a line below the head.
        string[] words = said.Split('\n')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is [_, "bootfs", not "-", ..] ? words[2]
            : Mounted() is { } mounted ? mounted
            : throw new UserError(
                $"pool {pool.Name} does not say which of its file systems is the root",
                "Say it by rootcast.zfs=POOL/DATASET, or once and for all by zpool set bootfs=POOL/DATASET POOL."
            );
    }

    private void MountRoot(string root)
    {
        if (Mounted() == root)
        {
            return;
        }
        // What import mounted lies below another root, or below none.
        command.Run(FileSystems, "umount", "-a");
        (int code, string said) = command.Run(FileSystems, "mount", root);
        if (code != 0 || Mounted() != root)
        {
            throw new UserError(
                $"{root} is not the root: {(said.Length > 0 ? said : $"it is mounted elsewhere than on /")}",
                "Its mountpoint must be /: zfs set mountpoint=/, and canmount=noauto where another has it too."
            );
        }
        (code, said) = command.Run(FileSystems, "mount", "-a");
        if (code != 0)
        {
            boot.Journal.Problem($"not every file system of the pool is mounted: {said}");
        }
    }

    /// <summary>Yesterday's root: a clone, made at its first use, which can be written to.</summary>
    private string Clone(string root, string snapshot)
    {
        string clone = $"{root}-{snapshot.Replace('/', '-')}";
        (int there, _) = command.Run(FileSystems, "list", clone);
        if (there != 0)
        {
            (int code, string said) = command.Run(
                FileSystems,
                "clone",
                "-o",
                "canmount=noauto",
                "-o",
                "mountpoint=/",
                $"{root}@{snapshot}",
                clone
            );
            if (code != 0)
            {
                throw new UserError(
                    $"rootcast.zfs.snapshot={snapshot}: {said}",
                    $"zfs list -t snapshot, in the running machine, shows the snapshots of {root}."
                );
            }
        }
        boot.Journal.Say($"{clone} is {root} as it was at {snapshot}{(there == 0 ? ", and what was written since" : "")}");
        return clone;
    }

    private string? Mounted() => MountedFileSystem.All().LastOrDefault(mount => mount.Place == daemon.Served)?.Source;

    private string Described() =>
        FoundPool.Parse(listed) is { Count: > 0 } pools
            ? $"There are: {string.Join(", ", pools.Select(pool => $"{pool.Name} ({pool.State})"))}."
            : new BlockDeviceSearch(null).Scan();
}
