namespace Rootcast.Linux.Memory;

/// <summary>Bits of an entry of /proc/kpageflags (linux/kernel-page-flags.h and Documentation/admin-guide/mm/pagemap.rst): those that tell what a page is for.</summary>
[Flags]
public enum PageFlags : ulong
{
    None = 0,

    /// <summary>Its content has been read.</summary>
    UpToDate = 1UL << 3,
    Lru = 1UL << 5,
    Slab = 1UL << 7,

    /// <summary>Free, in the buddy allocator: every page of a free block has it.</summary>
    Buddy = 1UL << 10,
    Anonymous = 1UL << 12,
    SwapBacked = 1UL << 14,
    CompoundHead = 1UL << 15,
    CompoundTail = 1UL << 16,
    HugeTlb = 1UL << 17,
    Unevictable = 1UL << 18,

    /// <summary>There is no such page.</summary>
    NoPage = 1UL << 20,
    TransparentHuge = 1UL << 22,

    /// <summary>Taken from the machine: a balloon's, or memory that is logically offline. MemTotal does not have it.</summary>
    Offline = 1UL << 23,
    ZeroPage = 1UL << 24,
    PageTable = 1UL << 26,

    /// <summary>Never given to the allocator: what the kernel took at boot. MemTotal does not have it.</summary>
    Reserved = 1UL << 32,
    Mlocked = 1UL << 33,
}
