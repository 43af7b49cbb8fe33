using System.Text;
using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Init.RootDaemons;
using Rootcast.Init.Stages;
using Rootcast.Init.Zfs;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Forms;

/// <summary>A ZFS pool, served by zfs-fuse as a root daemon.</summary>
public sealed class ZfsFuseForm : IForm
{
    /// <summary>Where zfs-fuse has its socket and lock, in its own root and, for zpool(8) and zfs(8) there, in the tree's.</summary>
    private const string Sockets = "/run/zfs";

    /// <inheritdoc/>
    public void Prepare(Boot boot)
    {
        if (boot.Plan.ZfsReadOnly || boot.Plan.ZfsKey is not null)
        {
            throw new UserError(
                "zfs-fuse knows neither pools that are only read (rootcast.zfs.readonly) nor encrypted ones (rootcast.zfs.key)",
                "Boot with rootcast.form=zfs, in an image that has that form."
            );
        }
        RootDaemonStart.Prepare(boot, RootDaemon.ZfsFuse);
    }

    /// <inheritdoc/>
    public void Mount(Boot boot, IArtefactSource source, string root)
    {
        RootDaemon description = RootDaemonStart.Describe(RootDaemon.ZfsFuse);
        string place = PrivateRoot.Make(boot, description);
        foreach (string directory in (string[])[Sockets, "/run/lock/zfs", "/var/lib/zfs", "/etc/zfs"])
        {
            ApiFileSystems.MakeDirectory(place + directory);
        }
        // One name of what is served for both: zpool(8) and zfs(8) of the tree make the directories on which the daemon then mounts.
        ApiFileSystems.MakeDirectory(place + Path.GetDirectoryName(InitramfsPaths.RunningDaemons));
        ApiFileSystems.MakeDirectory(place + InitramfsPaths.RunningDaemons);
        FileNodes.MakeSymlink("/"u8, null, Encoding.UTF8.GetBytes(place + RunningDaemon.PlaceOf(description)));
        HostIdentity.Set(boot, place);
        RunningDaemon daemon = RootDaemonStart.Run(boot, description, place, source.Origin);
        string pool = new ServedPool(boot, daemon).Mount();
        boot.Daemons[boot.Daemons.IndexOf(daemon)] = daemon with
        {
            Description = daemon.Description with { Stop = PoolExport.Command(pool) },
        };
        RootDaemonStart.Show(daemon, root);
        HostIdentity.Show(boot, place, root);
        FileNodes.MakeSymlink(Encoding.UTF8.GetBytes(place + Sockets), null, Encoding.UTF8.GetBytes(Sockets));
    }
}
