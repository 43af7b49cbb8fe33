using System.Text;
using Rootcast.Init.Stages;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Handover;

/// <summary>A unit for the tree's systemd, in /run: the tree itself is not touched, and a tree without systemd never looks there.</summary>
public static class RunUnit
{
    private const string Units = "/run/systemd/system";

    /// <summary>Keeps systemd from starting a unit of the tree, unless the administrator has written one of that name.</summary>
    /// <param name="name"><c>zfs-fuse.service</c>.</param>
    public static void Mask(string name)
    {
        ApiFileSystems.MakeDirectory("/run/systemd");
        ApiFileSystems.MakeDirectory(Units);
        FileNodes.MakeSymlink("/dev/null"u8, null, Encoding.UTF8.GetBytes($"{Units}/{name}"));
    }

    /// <summary>Writes a service that runs once the default target is reached.</summary>
    /// <param name="name"><c>rootcast-ready.service</c>.</param>
    /// <param name="text">All of the unit.</param>
    public static void Place(string name, string text)
    {
        string wants = $"{Units}/default.target.wants";
        ApiFileSystems.MakeDirectory("/run/systemd");
        ApiFileSystems.MakeDirectory(Units);
        ApiFileSystems.MakeDirectory(wants);
        SmallFile.Write($"{Units}/{name}", text);
        FileNodes.MakeSymlink(Encoding.UTF8.GetBytes($"../{name}"), null, Encoding.UTF8.GetBytes($"{wants}/{name}"));
    }
}
