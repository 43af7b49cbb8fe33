using System.Globalization;
using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Init.RootDaemons;
using Rootcast.Init.Stages;
using Rootcast.Init.Zfs;
using Rootcast.Linux.Files;
using Rootcast.Linux.Memory;

namespace Rootcast.Init.Forms;

/// <summary>A ZFS pool, by OpenZFS's kernel module.</summary>
public sealed class ZfsForm : IForm
{
    private const string CacheBound = "/sys/module/zfs/parameters/zfs_arc_max";

    /// <summary>Below this the module passes the bound over (zfs_arc_max in zfs(4)).</summary>
    private const long LeastCache = 64L << 20;

    /// <inheritdoc/>
    public void Prepare(Boot boot)
    {
        RootDaemonStart.Prepare(boot, RootDaemon.Zfs);
        // Who named a bound on the kernel's line (zfs.zfs_arc_max=) has it already.
        if (SmallFile.TryReadText(CacheBound)?.Trim() == "0")
        {
            long bound = Math.Max(boot.Plan.ZfsCache.ToBytes(MemoryInfo.Read().Total), LeastCache);
            SmallFile.Write(CacheBound, bound.ToString(CultureInfo.InvariantCulture));
            boot.Journal.Say($"ZFS caches at most {Preflight.Megabytes(bound)}");
        }
    }

    /// <inheritdoc/>
    public void Mount(Boot boot, IArtefactSource source, string root)
    {
        RootDaemon description = RootDaemonStart.Describe(RootDaemon.Zfs);
        RunningDaemon programs = new(description, Watcher: null);
        PrivateRoot.Make(boot, description);
        HostIdentity.Set(boot, programs.Place);
        boot.Daemons.Add(programs);
        string pool = new KernelPool(boot, programs).Mount(root);
        boot.Daemons[^1] = programs with { Description = description with { Stop = PoolExport.Command(pool) } };
    }
}
