namespace Rootcast.Lab.Footprints;

/// <summary>The words of <see cref="FootprintRow.Kind"/>; docs/measuring.md says where each comes from.</summary>
public static class RowKinds
{
    /// <summary>Data of processes.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>Files whose only place is memory: tmpfs, ramfs.</summary>
    public const string MemoryFiles = "files in memory";

    /// <summary>Shared memory without a file that has a name.</summary>
    public const string SharedMemory = "shared memory";

    /// <summary>A file in memory that a loop device stands on.</summary>
    public const string MemoryImage = "image in memory";

    /// <summary>The same, where it is the exception store of a device-mapper snapshot.</summary>
    public const string ExceptionStore = "exception store";

    /// <summary>Page cache of files: of a compressed file system what is decompressed.</summary>
    public const string CachedFiles = "cached files";

    /// <summary>Page cache of the block device below: of a compressed file system what is still compressed.</summary>
    public const string CachedDevice = "cached device";

    /// <summary>Page cache of the file that a loop device stands on.</summary>
    public const string CachedImage = "cached image";

    /// <summary>Page cache that belongs to no file or device that can be opened.</summary>
    public const string OtherCache = "other page cache";

    /// <summary>Slab caches.</summary>
    public const string Slab = "slab";

    /// <summary>Memory by vmalloc.</summary>
    public const string Vmalloc = "vmalloc";

    /// <summary>Code and data of modules.</summary>
    public const string Module = "module";

    /// <summary>Buffers that a file system keeps, worked out from its superblock.</summary>
    public const string Caches = "own caches";

    /// <summary>Buffers by whole pages.</summary>
    public const string PageBuffers = "page buffers";

    /// <summary>Compressed pages of a zram device.</summary>
    public const string Compressed = "compressed pages";

    /// <summary>What of the kernel has a counter of its own: stacks, page tables, per-CPU data.</summary>
    public const string Kernel = "kernel";

    /// <summary>Pages that are free but not in MemFree.</summary>
    public const string Free = "free pages";

    /// <summary>Kernel pages that nobody names: buffers and rings of drivers, packets.</summary>
    public const string Unnamed = "pages without an owner";
}
