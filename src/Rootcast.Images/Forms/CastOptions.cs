using Rootcast.Images.Trees;

namespace Rootcast.Images.Forms;

/// <summary>What a recipe may say about the forms.</summary>
public sealed record CastOptions
{
    /// <summary>For form <c>ramdisk</c>.</summary>
    public RamdiskOptions Ramdisk { get; init; } = new();

    /// <summary>For form <c>squashfs</c>.</summary>
    public SquashfsOptions Squashfs { get; init; } = new();

    /// <summary>For form <c>livefs</c>.</summary>
    public LivefsOptions Livefs { get; init; } = new();

    /// <summary>For form <c>zram</c>.</summary>
    public ZramOptions Zram { get; init; } = new();

    /// <summary>For form <c>erofs</c>.</summary>
    public ErofsOptions Erofs { get; init; } = new();

    /// <summary>The oldest of the image's kernels: an artefact may have only what it reads. Null where nothing is known.</summary>
    public Version? OldestKernel { get; init; }

    /// <summary>For form <c>disk</c>.</summary>
    public DiskOptions Disk { get; init; } = new();

    /// <summary>For forms <c>zfs</c> and <c>zfs-fuse</c>.</summary>
    public PoolOptions Pool { get; init; } = new();

    /// <summary>A tree with zfs-fuse, which makes their pools; null for the tree itself.</summary>
    public TreeArchive? PoolTools { get; init; }

    /// <summary>Time stamp of what has none of its own, in seconds since 1970: SOURCE_DATE_EPOCH, else 0.</summary>
    public uint Epoch { get; init; }
}
