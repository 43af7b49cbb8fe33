using Rootcast.Contract;
using Rootcast.Init.RootDaemons;

namespace Rootcast.Init.Zfs;

/// <summary>Which file system of an imported pool is the root.</summary>
/// <param name="boot">The boot.</param>
/// <param name="daemon">In whose root zpool(8) and zfs(8) are.</param>
public sealed class PoolRoot(Boot boot, RunningDaemon daemon)
{
    /// <summary>zpool(8), in the root of a daemon.</summary>
    internal const string Pool = "/sbin/zpool";

    /// <summary>zfs(8), beside it.</summary>
    internal const string FileSystems = "/sbin/zfs";

    /// <summary>A helper that takes longer is ended.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);

    private readonly DaemonCommand command = new(daemon, Longest);

    /// <summary>What the plan says, else the pool's <c>bootfs</c>, else the only one that belongs on /; of that the clone of a snapshot where the plan asks for one.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="top">What <c>mountpoint=/</c> is below the directory with which the pool was imported.</param>
    /// <exception cref="UserError">Nothing says it, or there is no such snapshot.</exception>
    public string Choose(FoundPool pool, string top)
    {
        string root =
            boot.Plan.Zfs is { } wanted && wanted.Contains('/', StringComparison.Ordinal) ? wanted : Said(pool) ?? Only(pool, top);
        if (boot.Plan.ZfsSnapshot is { } snapshot)
        {
            root = boot.Plan.ZfsReadOnly ? $"{root}@{snapshot}" : Clone(root, snapshot);
        }
        boot.Journal.Say($"{root} is the root, in pool {pool.Name} ({pool.Id})");
        return root;
    }

    private string? Said(FoundPool pool)
    {
        (_, string said) = command.Run(Pool, "get", "bootfs", pool.Name);
        // NAME PROPERTY VALUE SOURCE, in a line below the head.
        string[] words = said.Split('\n')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is [_, "bootfs", not "-", ..] ? words[2] : null;
    }

    /// <summary>The only one that belongs on / and is mounted there by itself, else the only one that belongs there and is no clone.</summary>
    private string Only(FoundPool pool, string top)
    {
        (_, string said) = command.Run(
            FileSystems,
            "list",
            "-H",
            "-r",
            "-t",
            "filesystem",
            "-o",
            "name,mountpoint,canmount,origin",
            pool.Name
        );
        List<string> mounted = [];
        List<string> fitting = [];
        foreach (string line in said.Split('\n'))
        {
            if (line.Split('\t') is not [var name, var place, var canMount, var origin] || place != top)
            {
                continue;
            }
            if (canMount == "on")
            {
                mounted.Add(name);
            }
            if (canMount != "off" && origin == "-")
            {
                fitting.Add(name);
            }
        }
        if (mounted is [var itself])
        {
            return itself;
        }
        return fitting is [var only]
            ? only
            : throw new UserError(
                $"pool {pool.Name} does not say which of its file systems is the root{(fitting.Count == 0 ? "" : $"; on / belong {string.Join(", ", fitting)}")}",
                "Say it by rootcast.zfs=POOL/DATASET, or once and for all by zpool set bootfs=POOL/DATASET POOL."
            );
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
                    $"zfs list -t snapshot, in the running machine, shows the snapshots of {root}. A pool that is full has no room for a clone: rootcast.zfs.readonly boots the snapshot itself."
                );
            }
        }
        boot.Journal.Say($"{clone} is {root} as it was at {snapshot}{(there == 0 ? ", and what was written since" : "")}");
        return clone;
    }
}
