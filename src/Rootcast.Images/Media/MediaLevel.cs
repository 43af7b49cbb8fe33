namespace Rootcast.Images.Media;

/// <summary>One level of a medium: a file, a file system, a table of partitions, an archive, and what is in it.</summary>
public sealed record MediaLevel
{
    /// <summary>What it is: <c>iso9660</c>, <c>squashfs</c>, <c>erofs</c>, <c>ext4</c> (ext2 and ext3 too), <c>xfs</c>, <c>btrfs</c>, <c>vfat</c>, <c>mbr</c>, <c>gpt</c>,
    /// <c>qcow2</c>, <c>initrd</c>, <c>tar</c>, <c>kernel</c>, a compressor (<c>gzip</c>, …), or <c>unknown</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its path or number in the level above; of the top level the file's path.</summary>
    public required string Name { get; init; }

    /// <summary>Where it starts in the file that holds it; null where it had to be unpacked.</summary>
    public long? Offset { get; init; }

    /// <summary>How many bytes it takes where it is.</summary>
    public long Bytes { get; init; }

    /// <summary>Its label or name.</summary>
    public string? Label { get; init; }

    /// <summary>Its UUID.</summary>
    public string? Uuid { get; init; }

    /// <summary>How its contents are compressed, several separated by commas; null when they are not.</summary>
    public string? Compressor { get; init; }

    /// <summary>Bytes of its blocks (of an image of a disk, its clusters).</summary>
    public long? BlockBytes { get; init; }

    /// <summary>Names in it; null when it was not looked into.</summary>
    public long? Entries { get; init; }

    /// <summary>Bytes of its files, or of the disk in it.</summary>
    public long? UnpackedBytes { get; init; }

    /// <summary>What its os-release calls itself.</summary>
    public string? System { get; init; }

    /// <summary>Which init takes over when its tree is booted.</summary>
    public string? Init { get; init; }

    /// <summary>Versions of the kernels that it has an image of.</summary>
    public IReadOnlyList<string> Kernels { get; init; } = [];

    /// <summary>Versions of the kernels that it has modules for.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>How firmware boots it, and whatever else is worth telling.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What is in it.</summary>
    public IReadOnlyList<MediaLevel> Inside { get; init; } = [];
}
