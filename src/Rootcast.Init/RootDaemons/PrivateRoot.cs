using System.Text;
using Rootcast.Contract;
using Rootcast.Formats.Tar;
using Rootcast.Init.Forms;
using Rootcast.Init.Handover;
using Rootcast.Init.Stages;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.RootDaemons;

/// <summary>The root that a daemon has for its whole life, in memory: its program, libraries and helpers, /dev and /proc, and the directory that it
/// mounts on. It is below /run/initramfs, which systemd leaves alone until the end and then makes its own root.</summary>
public static class PrivateRoot
{
    /// <summary>The directory that the daemon mounts on, without a slash before it.</summary>
    public const string Served = "root";

    /// <summary>Its log, in its root.</summary>
    public const string Log = "/log";

    /// <summary>Is there once the tree has taken over: a daemon that ends from then on ends the machine.</summary>
    public const string HandedOver = "/handed-over";

    /// <summary>What the daemon may write there beside what was packed: sockets, caches, its log.</summary>
    private const long Room = 32L << 20;

    /// <summary>Makes it.</summary>
    /// <param name="boot">The boot.</param>
    /// <param name="daemon">Whose.</param>
    /// <returns>Where it is.</returns>
    /// <exception cref="UserError">The initramfs has no such daemon.</exception>
    public static string Make(Boot boot, RootDaemon daemon)
    {
        string archive = $"{InitramfsPaths.RootDaemons}/{daemon.Name}.tar";
        if (!FileNodes.TryStatus(null, Encoding.UTF8.GetBytes(archive), followLinks: true, out FileStatus status, out _))
        {
            throw Missing(daemon.Name);
        }
        ApiFileSystems.MakeDirectory("/run/initramfs");
        ApiFileSystems.MakeDirectory(InitramfsPaths.RunningDaemons);
        string place = RunningDaemon.PlaceOf(daemon);
        if (!IsMounted(InitramfsPaths.RunningDaemons))
        {
            Mounting.Mount(
                "tmpfs",
                "rootcast-daemons",
                InitramfsPaths.RunningDaemons,
                MountFlags.None,
                $"size={status.Size + Room},mode=0755"
            );
            // What a daemon mounts there, now and later, is seen in every copy of it: the root of the tree is one.
            Mounting.MakeShared(InitramfsPaths.RunningDaemons);
        }
        SysvinitScripts.Reserve(daemon.Name);
        ApiFileSystems.MakeDirectory(place);
        using (DescriptorStream stream = new(FileNodes.Open(archive, OpenFlags.ReadOnly), archive))
        using (TreeUnpacker unpacker = new(place, boot.Journal.SampleMemory))
        {
            unpacker.Unpack(new TarReader(stream));
        }
        // It is in memory twice as long as its name is there.
        FileNodes.Remove(null, Encoding.UTF8.GetBytes(archive));
        foreach (string directory in (string[])["dev", "proc", "sys", "tmp", "run", "run/lock", "var", "var/lib", "etc", Served])
        {
            ApiFileSystems.MakeDirectory($"{place}/{directory}");
        }
        foreach ((string link, string target) in (ReadOnlySpan<(string, string)>)[("var/run", "/run"), ("var/lock", "/run/lock")])
        {
            if (!FileNodes.Exists($"{place}/{link}"))
            {
                FileNodes.MakeSymlink(Encoding.UTF8.GetBytes(target), null, Encoding.UTF8.GetBytes($"{place}/{link}"));
            }
        }
        if (daemon.ReadySocket is { } socket)
        {
            MakeDirectories(place, Path.GetDirectoryName(socket)!);
        }
        Mounting.Bind("/dev", place + "/dev");
        Mounting.Bind("/proc", place + "/proc");
        Mounting.Bind("/sys", place + "/sys");
        boot.Journal.Say($"{place} is the root of root daemon {daemon.Name}, {FileSystemUsage.Of(place).UsedBytes >> 10} KiB");
        return place;
    }

    private static void MakeDirectories(string place, string path)
    {
        string made = place;
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            made += $"/{part}";
            ApiFileSystems.MakeDirectory(made);
        }
    }

    /// <summary>For a daemon that the initramfs does not have.</summary>
    public static UserError Missing(string name) =>
        new(
            $"the initramfs has no root daemon {name}",
            "Name it under root-daemons in the recipe and build the image again, or check rootcast.daemon=."
        );

    private static bool IsMounted(string place) => MountedFileSystem.All().Any(mount => mount.Place == place);
}
