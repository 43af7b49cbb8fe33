using System.Runtime.InteropServices;
using Rootcast.Init.Stages;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Handover;

/// <summary>What the running system needs for a clean end: the program that unmounts the root, and for systemd the word to leave the mounts of a form
/// alone until then. Both live under /run; the tree is not touched.</summary>
public static class ReturnToMemory
{
    private const string Directory = "/run/initramfs";
    private const string Units = "/run/systemd/system";

    /// <summary>systemd takes a drop-in of <c>run-rootcast-.mount</c> for every unit whose name begins so.</summary>
    private const string DropIns = $"{Units}/run-rootcast-.mount.d";

    private const string DropIn = """
        # Written by Rootcast's init. The root lies on these: they go when it has gone (docs/boot.md, the end).
        [Unit]
        DefaultDependencies=no

        """;

    /// <summary>Writes them.</summary>
    /// <param name="boot">The boot, with the root daemons that run.</param>
    /// <param name="systemd">Whether systemd takes over. For others its directory must not be there: it is how programs find out that systemd runs.</param>
    public static void Place(Boot boot, bool systemd)
    {
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            ApiFileSystems.MakeDirectory(Directory);
            SmallFile.Write($"{Directory}/shutdown", ShutdownProgram.File(boot.Daemons), 0x1ED);
            boot.Journal.Say($"{Directory}/shutdown unmounts the root at the end");
        }
        if (systemd)
        {
            ApiFileSystems.MakeDirectory("/run/systemd");
            ApiFileSystems.MakeDirectory(Units);
            ApiFileSystems.MakeDirectory(DropIns);
            SmallFile.Write($"{DropIns}/rootcast.conf", DropIn);
        }
    }
}
