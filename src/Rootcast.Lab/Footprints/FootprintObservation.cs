using Rootcast.Linux.Memory;

namespace Rootcast.Lab.Footprints;

/// <summary>All that a footprint is worked out from, read at nearly one moment. What could not be read is null or empty, and <see cref="Notes"/> say so.</summary>
public sealed record FootprintObservation
{
    /// <summary>The text of /proc/meminfo.</summary>
    public required string MemInfo { get; init; }

    /// <summary>/proc/zoneinfo.</summary>
    public required ZoneInfo Zones { get; init; }

    /// <summary>/proc/kpageflags.</summary>
    public PageCensus? Census { get; init; }

    /// <summary>/proc/slabinfo.</summary>
    public IReadOnlyList<SlabCache>? Slabs { get; init; }

    /// <summary>Names of slab caches whose memory can be taken back.</summary>
    public IReadOnlySet<string> ReclaimableSlabs { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>/proc/vmallocinfo.</summary>
    public IReadOnlyList<VmallocArea>? Vmalloc { get; init; }

    /// <summary>Modules and their sizes in bytes: /proc/modules.</summary>
    public IReadOnlyList<(string Name, long Bytes)> Modules { get; init; } = [];

    /// <summary>Processes whose smaps_rollup could be read.</summary>
    public IReadOnlyList<ProcessMemory> Processes { get; init; } = [];

    /// <summary>Whether no process refused to be asked.</summary>
    public bool SeesAllProcesses { get; init; } = true;

    /// <summary>Mounted file systems.</summary>
    public IReadOnlyList<ObservedFileSystem> FileSystems { get; init; } = [];

    /// <summary>Block devices.</summary>
    public IReadOnlyList<ObservedDevice> Devices { get; init; } = [];

    /// <summary>Files without a name.</summary>
    public IReadOnlyList<UnnamedFile> UnnamedFiles { get; init; } = [];

    /// <summary>System V shared memory in bytes: the column rss of /proc/sysvipc/shm.</summary>
    public long SystemV { get; init; }

    /// <summary>Whole pages that dm-bufio holds beside slab and vmalloc, in bytes.</summary>
    public long BufioPages { get; init; }

    /// <summary>Bytes of pages in which OpenZFS's cache keeps data; 0 without it.</summary>
    public long ArcPages { get; init; }

    /// <summary>The kernel's log about its own memory.</summary>
    public BootMemory? Boot { get; init; }

    /// <summary>See <see cref="Footprint.Facts"/>.</summary>
    public IReadOnlyList<string> Facts { get; init; } = [];

    /// <summary>See <see cref="Footprint.Notes"/>.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether files were asked by mincore(2), which tells of no page that holds nothing yet.</summary>
    public bool ByMapping { get; init; }

    /// <summary>The process that measures.</summary>
    public int Self { get; init; }

    /// <summary>The kernel's release.</summary>
    public string? Kernel { get; init; }
}
