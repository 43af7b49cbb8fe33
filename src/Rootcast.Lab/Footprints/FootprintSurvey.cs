using System.Globalization;
using Rootcast.Images.Progress;
using Rootcast.Linux;
using Rootcast.Linux.Events;
using Rootcast.Linux.Files;
using Rootcast.Linux.Memory;
using Rootcast.Linux.Mounts;

namespace Rootcast.Lab.Footprints;

/// <summary>Reads all that a footprint is worked out from. Counters come first and files last: walking makes dentries and inodes, which then are in no
/// counter that was read before.</summary>
public sealed class FootprintSurvey(FootprintOptions options)
{
    /// <summary>A remainder that is larger comes of a machine that moved while it was asked, as when services start.</summary>
    private const double LargestRemainder = 0.03;

    private const int Surveys = 3;

    private readonly List<string> notes = [];
    private int refused;

    /// <summary>Surveys the machine that this runs on. One that moved meanwhile is surveyed again, at most twice; the footprint with the least remainder
    /// counts, and says how often it was asked.</summary>
    public static Footprint Take(FootprintOptions options, IProgressStage stage, CancellationToken cancellation = default)
    {
        Footprint least = FootprintAttribution.Of(new FootprintSurvey(options).Observe(stage, cancellation));
        int taken = 1;
        while (taken < Surveys && least.RemainderShare > LargestRemainder)
        {
            Footprint next = FootprintAttribution.Of(new FootprintSurvey(options).Observe(stage, cancellation));
            least = next.RemainderShare < least.RemainderShare ? next : least;
            taken++;
        }
        return taken == 1 ? least : least with { Notes = [.. least.Notes, $"asked {taken} times, for memory moved meanwhile"] };
    }

    /// <summary>What is to be seen on the machine that this runs on.</summary>
    public FootprintObservation Observe(IProgressStage stage, CancellationToken cancellation)
    {
        // Where root reads this file, each processor's share of the counters is added to them first (Documentation/admin-guide/sysctl/vm.rst).
        _ = SmallFile.TryReadText("/proc/sys/vm/stat_refresh");
        string memory = SmallFile.ReadText("/proc/meminfo");
        ZoneInfo zones = ZoneInfo.Parse(SmallFile.ReadText("/proc/zoneinfo"));
        PageCensus? census = PageCensus.TryRead(out int errno);
        if (census is null)
        {
            notes.Add(
                $"/proc/kpageflags: {Why(errno, "the kernel is built without CONFIG_PROC_PAGE_MONITOR")}: kernel pages without an owner are part of the remainder"
            );
        }
        string? slabs = Text("/proc/slabinfo", "slab is two rows instead of one for each cache");
        string? vmalloc = Text("/proc/vmallocinfo", "vmalloc is one row instead of one for each caller");
        IReadOnlyList<ProcessMemory> processes = Processes(cancellation);
        IReadOnlyList<MountedFileSystem> mounts = MountedFileSystem.All();
        using PageCacheReader cache = new(options.UseCacheStat);
        BlockDeviceSurvey devices = new(cache);
        IReadOnlyList<ObservedDevice> blocks = devices.Observe();
        MountSurvey fileSystems = new(mounts, cache, options);
        IReadOnlyList<ObservedFileSystem> mounted = fileSystems.Observe();
        blocks = BackingFiles.Locate(blocks, mounts, cache);
        mounted = fileSystems.Walk(mounted, blocks, stage, cancellation);
        IReadOnlyList<UnnamedFile> unnamed = UnnamedFileSurvey.Observe(mounted, cache, cancellation);
        if (!cache.UsesCacheStat)
        {
            notes.Add("this kernel has no cachestat(2) (6.5 has it): files were asked by mincore(2)");
        }
        return new FootprintObservation
        {
            MemInfo = memory,
            Zones = zones,
            Census = census,
            Slabs = slabs is null ? null : SlabCache.Parse(slabs),
            ReclaimableSlabs = ReclaimableSlabs(),
            Vmalloc = vmalloc is null ? null : VmallocArea.Parse(vmalloc),
            Modules = KernelModuleSizes.Parse(SmallFile.TryReadText("/proc/modules") ?? ""),
            Processes = processes,
            SeesAllProcesses = refused == 0,
            FileSystems = mounted,
            Devices = blocks,
            UnnamedFiles = unnamed,
            SystemV = SystemVShares.Parse(SmallFile.TryReadText("/proc/sysvipc/shm") ?? ""),
            BufioPages = Number("/sys/module/dm_bufio/parameters/allocated_get_free_pages_bytes"),
            ArcPages = ArcStatistics.PagesOf(SmallFile.TryReadText(ArcStatistics.Buffers) ?? ""),
            Boot = BootMemory.Parse(KernelLog.All(), PossibleProcessors()),
            Facts = devices.Facts,
            Notes = [.. notes, .. devices.Notes, .. fileSystems.Notes],
            ByMapping = !cache.UsesCacheStat,
            Self = Environment.ProcessId,
            Kernel = SmallFile.TryReadText("/proc/sys/kernel/osrelease"),
        };
    }

    private List<ProcessMemory> Processes(CancellationToken cancellation)
    {
        // Ours first: it is the one that grows while this runs.
        List<ProcessMemory> processes = [];
        int self = Environment.ProcessId;
        foreach (int pid in ProcessMemory.Running().OrderBy(pid => pid == self ? 0 : pid))
        {
            cancellation.ThrowIfCancellationRequested();
            if (ProcessMemory.TryRead(pid) is { } process)
            {
                processes.Add(process);
            }
            else if (Environment.UserName != "root" && SmallFile.TryReadText($"/proc/{pid}/cmdline") is { Length: > 0 })
            {
                refused++;
            }
        }
        if (refused > 0)
        {
            notes.Add($"/proc/PID/smaps_rollup: {refused} processes of others need root: their memory is one row");
        }
        return processes;
    }

    private string? Text(string path, string without)
    {
        try
        {
            return SmallFile.ReadText(path);
        }
        catch (LinuxException error)
        {
            notes.Add($"{path}: {Why(error.Number, "this kernel has none")}: {without}");
            return null;
        }
    }

    private static string Why(int errno, string absent) =>
        errno switch
        {
            Errno.AccessDenied or Errno.NotPermitted => "needs root",
            Errno.NoEntry => absent,
            _ => Errno.Describe(errno),
        };

    /// <summary>SLUB says of each cache whether its memory can be taken back; without its directory the names of those that do are known.</summary>
    private static HashSet<string> ReclaimableSlabs()
    {
        const string directory = "/sys/kernel/slab";
        HashSet<string> names = new(StringComparer.Ordinal);
        if (!Directory.Exists(directory))
        {
            names.UnionWith(["dentry", "inode_cache", "ext4_inode_cache", "xfs_inode", "btrfs_inode", "radix_tree_node", "buffer_head"]);
            return names;
        }
        foreach (string cache in Directory.EnumerateDirectories(directory))
        {
            if (SmallFile.TryReadText(cache + "/reclaim_account") == "1")
            {
                names.Add(Path.GetFileName(cache));
            }
        }
        return names;
    }

    /// <summary>/sys/devices/system/cpu/possible: <c>0-3</c>.</summary>
    private static int PossibleProcessors()
    {
        string text = SmallFile.TryReadText("/sys/devices/system/cpu/possible") ?? "";
        string last = text.Split(',', '-')[^1];
        return int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int highest)
            ? highest + 1
            : Environment.ProcessorCount;
    }

    private static long Number(string path) =>
        long.TryParse(SmallFile.TryReadText(path), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : 0;
}
