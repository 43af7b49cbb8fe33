namespace Rootcast.Lab.Measuring;

/// <summary>Options of a kernel's build that memory and speed of a form depend on: how squashfs and EROFS decompress and cache, huge pages of tmpfs, zram, how often
/// the clock ticks, and what is checked or cleared at each allocation.</summary>
public static class KernelOptions
{
    /// <summary>Longer than any configuration.</summary>
    public const int LongestConfig = 4 << 20;

    private static readonly string[] Prefixes =
    [
        "SQUASHFS_DECOMP",
        "SQUASHFS_FRAGMENT",
        "SQUASHFS_FILE",
        "SQUASHFS_CHOICE",
        "EROFS_FS_",
        "TRANSPARENT_HUGEPAGE",
        "ZRAM_",
        "TMPFS",
        "PREEMPT",
        "HZ=",
        "SLUB",
        "MEMCG",
        "BLK_DEV_LOOP",
        "DEBUG_PAGEALLOC",
        "INIT_ON",
    ];

    /// <summary>Those of a configuration, as it has them: <c>CONFIG_X=y</c>, <c># CONFIG_X is not set</c>.</summary>
    public static IReadOnlyList<string> Of(string config)
    {
        const string set = "CONFIG_";
        const string notSet = "# CONFIG_";
        List<string> chosen = [];
        foreach (string line in config.Split('\n'))
        {
            int name =
                line.StartsWith(set, StringComparison.Ordinal) ? set.Length
                : line.StartsWith(notSet, StringComparison.Ordinal) ? notSet.Length
                : -1;
            if (name > 0 && Array.Exists(Prefixes, prefix => line.AsSpan(name).StartsWith(prefix, StringComparison.Ordinal)))
            {
                chosen.Add(line);
            }
        }
        return chosen;
    }
}
