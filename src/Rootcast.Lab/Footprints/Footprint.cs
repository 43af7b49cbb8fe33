namespace Rootcast.Lab.Footprints;

/// <summary>Who holds a machine's memory at one moment. The rows and the remainder sum to <see cref="UsedBytes"/>.</summary>
public sealed record Footprint
{
    /// <summary>The version of this form; a file with another is refused.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The form's version.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>MemTotal − MemFree.</summary>
    public required long UsedBytes { get; init; }

    /// <summary>MemTotal.</summary>
    public long TotalBytes { get; init; }

    /// <summary>What of <see cref="UsedBytes"/> no row has; negative when rows have more, which happens as a machine does not stand still.</summary>
    public required long RemainderBytes { get; init; }

    /// <summary>Largest first.</summary>
    public required IReadOnlyList<FootprintRow> Rows { get; init; }

    /// <summary>Memory that the kernel reserved at boot: outside of MemTotal, so in no sum.</summary>
    public IReadOnlyList<FootprintRow> Reserved { get; init; } = [];

    /// <summary>Processes, largest first.</summary>
    public IReadOnlyList<ProcessShare> Processes { get; init; } = [];

    /// <summary>What rows are built upon and how full it is: snapshots, zram devices. Not in the sum.</summary>
    public IReadOnlyList<string> Facts { get; init; } = [];

    /// <summary>What could not be told, and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The kernel's release.</summary>
    public string? Kernel { get; init; }

    /// <summary>The remainder as a part of what is used; 0 to 1.</summary>
    public double RemainderShare => UsedBytes == 0 ? 0 : Math.Abs((double)RemainderBytes) / UsedBytes;
}
