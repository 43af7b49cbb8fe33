using Rootcast.Linux.Files;

namespace Rootcast.Init.Handover;

/// <summary>
/// The lists of free pages that each processor keeps for itself. What is on them is in neither MemFree nor MemAvailable, and after much was freed at once,
/// as at the end of a boot, they are as long as they may become: tens of MiB. While they have to be short, what is freed goes to everybody
/// (<c>percpu_pagelist_high_fraction</c>, Documentation/admin-guide/sysctl/vm.rst; Linux 5.14).
/// </summary>
public static class FreePageLists
{
    private const string Bound = "/proc/sys/vm/percpu_pagelist_high_fraction";

    /// <summary>A fraction of memory so small that the kernel's own least applies: four of the batches in which it fills them.</summary>
    private const string Shortest = "1000000";

    /// <summary>Makes them short.</summary>
    /// <returns>The bound until then, for <see cref="Return"/>; null where the kernel has none.</returns>
    public static string? Shorten()
    {
        string? before = SmallFile.TryReadText(Bound);
        if (before is not null)
        {
            SmallFile.Write(Bound, Shortest);
        }
        return before;
    }

    /// <summary>Gives the bound back: with systemd when the default target is reached, else now.</summary>
    /// <param name="before">What <see cref="Shorten"/> returned.</param>
    /// <param name="root">Where the tree is mounted.</param>
    /// <param name="systemd">Whether systemd takes over.</param>
    public static void Return(string? before, string root, bool systemd)
    {
        if (before is null)
        {
            return;
        }
        if (!systemd || !FileNodes.Exists(root + "/bin/sh"))
        {
            SmallFile.Write(Bound, before);
            return;
        }
        RunUnit.Place(
            "rootcast-free-pages.service",
            $"""
            [Unit]
            Description=Let each processor keep free pages of its own again
            After=default.target multi-user.target graphical.target {UncacheUnit.Name}
            Before=rootcast-ready.service

            [Service]
            Type=oneshot
            ExecStart=-/bin/sh -c 'echo {before} > {Bound}'

            """
        );
    }
}
