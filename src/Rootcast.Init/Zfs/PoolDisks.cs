using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Init.RootDaemons;
using Rootcast.Init.Stages;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Zfs;

/// <summary>A /dev with nothing but disks. zpool(8) opens whatever is in the directory in which it looks for pools, and in the real one that starts watchdogs.</summary>
/// <param name="daemon">In whose root it is.</param>
public sealed class PoolDisks(RunningDaemon daemon)
{
    /// <summary>Its path in the daemon's root.</summary>
    public const string Place = "/disks";

    private const string Devices = "/sys/class/block";
    private const string Module = "zfs";
    private readonly HashSet<string> made = new(StringComparer.Ordinal);

    /// <summary>Adds the disks that have come.</summary>
    /// <param name="labels">Is told of each.</param>
    public void Refresh(LabelledPools labels)
    {
        ApiFileSystems.MakeDirectory(daemon.Place + Place);
        using SafeFileHandle directory = FileNodes.Open(Devices, OpenFlags.ReadOnly | OpenFlags.Directory);
        foreach (DirectoryItem item in DirectoryListing.Read(directory, Devices))
        {
            string name = Encoding.UTF8.GetString(item.Name);
            if (!IsMemory(name) && made.Add(name))
            {
                Make(name, $"{Devices}/{name}/dev", FileStatus.TypeBlockDevice);
                labels.Look($"/dev/{name}");
            }
        }
        if (made.Add(Module))
        {
            // By which zpool(8) speaks to OpenZFS's module; zfs-fuse has a socket.
            Make(Module, $"/sys/class/misc/{Module}/dev", FileStatus.TypeCharacterDevice);
        }
    }

    private void Make(string name, string number, int type)
    {
        if (
            SmallFile.TryReadText(number)?.Split(':') is [var first, var second]
            && uint.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out uint major)
            && uint.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out uint minor)
        )
        {
            const int mode = 0x180;
            FileNodes.MakeNode(null, Encoding.UTF8.GetBytes($"{daemon.Place}{Place}/{name}"), type | mode, major, minor);
        }
    }

    private static bool IsMemory(string name) =>
        name.StartsWith("loop", StringComparison.Ordinal)
        || name.StartsWith("ram", StringComparison.Ordinal)
        || name.StartsWith("zram", StringComparison.Ordinal);
}
