namespace Rootcast.Formats.Tree;

/// <summary>One entry of a tree, as tar and cpio have in common. Its data, if any, travels beside it.</summary>
public sealed record TreeEntry
{
    /// <summary>Relative to the root, without a leading <c>/</c> or <c>./</c> and without a trailing <c>/</c>; the root itself is empty.</summary>
    public required UnixPath Path { get; init; }

    /// <summary>What it is.</summary>
    public required NodeKind Kind { get; init; }

    /// <summary>Permission bits with setuid, setgid and sticky: 0 to 07777.</summary>
    public int Mode { get; init; }

    /// <summary>Owner.</summary>
    public uint Uid { get; init; }

    /// <summary>Group.</summary>
    public uint Gid { get; init; }

    /// <summary>Modification time in seconds since 1970.</summary>
    public long ModifiedSeconds { get; init; }

    /// <summary>Nanoseconds of the modification time.</summary>
    public int ModifiedNanoseconds { get; init; }

    /// <summary>Length of a file with its holes.</summary>
    public long Size { get; init; }

    /// <summary>Of a symbolic link, what it says; of a hard link, the <see cref="Path"/> of the file.</summary>
    public UnixPath Target { get; init; }

    /// <summary>Of a device, its major number.</summary>
    public uint DeviceMajor { get; init; }

    /// <summary>Of a device, its minor number.</summary>
    public uint DeviceMinor { get; init; }

    /// <summary>Extended attributes with their name space (<c>security.capability</c>), sorted by name.</summary>
    public IReadOnlyList<ExtendedAttribute> Attributes { get; init; } = [];

    /// <summary>Where a sparse file has data, in order, not overlapping; null when it is not sparse.</summary>
    public IReadOnlyList<DataRange>? DataRanges { get; init; }
}
