using System.Text;
using Rootcast.Contract;
using Rootcast.Init.Devices;
using Rootcast.Init.RootDaemons;
using Rootcast.Init.Stages;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Zfs;

/// <summary>Finds the pool that has the root, by what is on the disks.</summary>
/// <param name="boot">The boot.</param>
/// <param name="daemon">In whose root zpool(8) is.</param>
public sealed class PoolSearch(Boot boot, RunningDaemon daemon)
{
    private const string AllDevices = "/dev";

    /// <summary>In the daemon's root: a directory with nothing but the disk that the plan names.</summary>
    private const string OneDevice = "/tmp/device";

    /// <summary>Where OpenZFS notes the pools of a machine: looking them up there takes no look at other disks.</summary>
    private const string CacheFile = "/etc/zfs/zpool.cache";

    private readonly DaemonCommand search = new(daemon, PoolRoot.Longest) { Devices = PoolDisks.Place };
    private readonly PoolDisks disks = new(daemon);
    private readonly LabelledPools labels = new();
    private string listed = "";

    /// <summary>Waits for all of its disks, then takes it without those that are absent.</summary>
    public FoundPool Find()
    {
        string wanted = boot.Plan.Zfs?.Split('/')[0] ?? "";
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
                    wanted = labels.On(found.Path) ?? PoolOn(found.Path);
                    device = null;
                }
                disks.Refresh(labels);
                if (Choose(labels.Whole(), wanted) is { } labelled && (wanted.Length > 0 || labels.Count == 1))
                {
                    return labelled;
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
            boot.Journal.Say($"pool {whole.Name} ({whole.Id}) has all of its disks");
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
        disks.Refresh(labels);
        (_, listed) = search.Run(PoolRoot.Pool, "import", "-d", directory);
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

    /// <summary>Imports it, and mounts nothing that it does not mount by itself.</summary>
    /// <param name="pool">What <see cref="Find"/> found.</param>
    /// <param name="options">Of <c>zpool import</c>.</param>
    /// <exception cref="UserError">Another machine has it, or zpool(8) says why not.</exception>
    public void Import(FoundPool pool, params string[] options)
    {
        string[] force = boot.Plan.ZfsForce ? ["-f"] : [];
        int code = 1;
        string said = "";
        if (FileNodes.Exists(CacheFile))
        {
            // A machine's own, out of its segment, counts before that of the tree.
            ApiFileSystems.MakeDirectory(Path.GetDirectoryName(daemon.Place + CacheFile)!);
            SmallFile.Write(daemon.Place + CacheFile, SmallFile.ReadBytes(CacheFile));
        }
        if (pool.IsWhole && FileNodes.Exists(daemon.Place + CacheFile))
        {
            (code, said) = search.Run([PoolRoot.Pool, "import", .. force, "-c", CacheFile, .. options, pool.Id]);
            boot.Journal.Say(code == 0 ? $"{CacheFile} says where the disks of {pool.Name} are" : $"not by {CacheFile}: {said}");
        }
        if (code != 0)
        {
            (code, said) = search.Run([PoolRoot.Pool, "import", .. force, "-d", AllDevices, .. options, pool.Id]);
        }
        if (code != 0)
        {
            throw new UserError(
                $"pool {pool.Name} cannot be imported: {said}",
                IsOfAnother(said) ? "Another machine had it and did not export it. When that one is off: rootcast.zfs.force takes it."
                    : IsOfNewer(said)
                        ? "This ZFS is older than what zpool upgrade was done by: cast the image again with that version, or boot it by OpenZFS's module (rootcast.form=zfs)."
                    : "Its own words are above; boot with rootcast.rescue=handover to try it by hand."
            );
        }
        boot.Journal.Say($"pool {pool.Name} is imported{(said.Length > 0 ? $": {said}" : "")}");
    }

    /// <summary>zfs-fuse says "other system", OpenZFS "previously in use from another system" and names it.</summary>
    private static bool IsOfAnother(string said) =>
        said.Contains("other system", StringComparison.Ordinal) || said.Contains("another system", StringComparison.Ordinal);

    /// <summary>zfs-fuse goes by the pool's version, OpenZFS by its features.</summary>
    private static bool IsOfNewer(string said) =>
        said.Contains("newer ZFS version", StringComparison.Ordinal) || said.Contains("unsupported feature", StringComparison.Ordinal);

    private string Described() =>
        FoundPool.Parse(listed) is { Count: > 0 } pools
            ? $"There are: {string.Join(", ", pools.Select(pool => $"{pool.Name} ({pool.State})"))}."
            : $"{new BlockDeviceSearch(null).Scan()} zpool says: {listed.ReplaceLineEndings(" ")}";
}
