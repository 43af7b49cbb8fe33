using Rootcast.Linux.Mounts;

namespace Rootcast.Lab.Footprints;

/// <summary>A mounted file system, once for all its mounts.</summary>
/// <param name="Mount">Its first mount that shows all of it, else its first.</param>
/// <param name="BlockDevice">The number of the block device that it lies on; null when there is none.</param>
public sealed record ObservedFileSystem(MountedFileSystem Mount, ulong? BlockDevice)
{
    /// <summary>Of a tmpfs: bytes of all that it holds, by statfs(2).</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Bytes of its files in the page cache, without those of <see cref="BackingFile"/>s; null when nobody looked.</summary>
    public long? CachedBytes { get; init; }

    /// <summary>Of a squashfs: the size of its blocks.</summary>
    public long BlockBytes { get; init; }

    /// <summary>How rows name it: <c>squashfs /run/rootcast/lower</c>.</summary>
    public string Owner => $"{Mount.Type} {Mount.Place}";

    /// <summary>Whether its files have no other place than memory, and are counted with shared memory.</summary>
    public bool IsShared { get; init; }

    /// <summary>Whether it is a ramfs: its files are in the page cache and stay there.</summary>
    public bool IsRamfs { get; init; }
}
