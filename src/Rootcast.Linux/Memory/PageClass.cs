namespace Rootcast.Linux.Memory;

/// <summary>What a page frame is for, as far as its flags tell.</summary>
public enum PageClass
{
    /// <summary>No page, or one that is taken from the machine (balloon).</summary>
    Absent,

    /// <summary>Reserved by the kernel at boot; not in MemTotal.</summary>
    Reserved,

    /// <summary>In the buddy allocator.</summary>
    Free,

    /// <summary>Slab caches.</summary>
    Slab,

    /// <summary>Page tables.</summary>
    PageTable,

    /// <summary>hugetlbfs's.</summary>
    HugeTlb,

    /// <summary>Anonymous memory of processes.</summary>
    Anonymous,

    /// <summary>tmpfs and other shared memory on an LRU list.</summary>
    Shared,

    /// <summary>ramfs: file pages that can never be evicted.</summary>
    Ramfs,

    /// <summary>Page cache of files and block devices on an LRU list.</summary>
    File,

    /// <summary>The huge page of zeros that processes share.</summary>
    HugeZero,

    /// <summary>In use, and no flag says for what: vmalloc, per-CPU data, drivers, pages on the processors' own free lists.</summary>
    Unmarked,
}
