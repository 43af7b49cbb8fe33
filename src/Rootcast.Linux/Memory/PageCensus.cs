using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;

namespace Rootcast.Linux.Memory;

/// <summary>How many page frames there are of each class: one walk over /proc/kpageflags.</summary>
public sealed class PageCensus
{
    private const string Path = "/proc/kpageflags";

    /// <summary>Entries read at a time: 64 KiB.</summary>
    private const int ChunkEntries = 8192;

    private readonly long[] pages = new long[Enum.GetValues<PageClass>().Length];
    private PageClass ofHead;

    /// <summary>Pages of a class.</summary>
    public long this[PageClass of] => pages[(int)of];

    /// <summary>Pages of class <see cref="PageClass.File"/> that are in the page cache and hold nothing: read-ahead made them and did not fill them.</summary>
    public long Unread { get; private set; }

    /// <summary>Pages that are neither free nor outside of MemTotal.</summary>
    public long Used
    {
        get
        {
            long used = 0;
            for (PageClass of = PageClass.Slab; of <= PageClass.Unmarked; of++)
            {
                used += this[of];
            }
            return used;
        }
    }

    /// <summary>Counts a machine's pages; null where the file is absent or not ours to read. Only frames that are memory are asked about: some kernels answer
    /// for the holes between as if there were a page without a flag.</summary>
    public static PageCensus? TryRead(out int errno)
    {
        using SafeFileHandle file = FileNodes.TryOpen(null, Encoding.UTF8.GetBytes(Path), OpenFlags.ReadOnly, 0, out errno);
        if (errno != 0)
        {
            return null;
        }
        IReadOnlyList<(long From, long To)> ranges = SystemRam.Parse(SmallFile.ReadText("/proc/iomem"));
        PageCensus census = new();
        ulong[] entries = new ulong[ChunkEntries];
        foreach ((long from, long to) in ranges.Count > 0 ? ranges : [(0, long.MaxValue / sizeof(ulong))])
        {
            census.ReadRange(file, entries, from, to);
        }
        return census;
    }

    /// <summary>Counts further entries, in the order of their frames: a tail of a compound page is what its head is.</summary>
    public void Add(ReadOnlySpan<ulong> entries)
    {
        foreach (ulong entry in entries)
        {
            PageFlags flags = (PageFlags)entry;
            PageClass of = ClassOf(flags);
            if ((flags & PageFlags.CompoundTail) != PageFlags.None && of == PageClass.Unmarked)
            {
                // Kernels before 6.10 take LRU and the like from the page itself, where only the head has them.
                of = ofHead;
            }
            else if ((flags & PageFlags.CompoundHead) != PageFlags.None)
            {
                ofHead = of;
            }
            pages[(int)of]++;
            if (of == PageClass.File && (flags & (PageFlags.UpToDate | PageFlags.CompoundTail)) == PageFlags.None)
            {
                Unread++;
            }
        }
    }

    private void ReadRange(SafeFileHandle file, ulong[] entries, long from, long to)
    {
        for (long frame = from; frame < to; )
        {
            int wanted = (int)Math.Min(entries.Length, to - frame);
            int got = FileData.ReadAt(file, MemoryMarshal.AsBytes(entries.AsSpan(0, wanted)), frame * sizeof(ulong), Path) / sizeof(ulong);
            if (got == 0)
            {
                // Past the last frame.
                return;
            }
            Add(entries.AsSpan(0, got));
            frame += got;
        }
    }

    /// <summary>The class of a page that is no tail.</summary>
    public static PageClass ClassOf(PageFlags flags)
    {
        bool Has(PageFlags flag) => (flags & flag) != PageFlags.None;
        return flags switch
        {
            _ when Has(PageFlags.NoPage | PageFlags.Offline) => PageClass.Absent,
            _ when Has(PageFlags.Reserved) => PageClass.Reserved,
            _ when Has(PageFlags.Buddy) => PageClass.Free,
            _ when Has(PageFlags.Slab) => PageClass.Slab,
            _ when Has(PageFlags.PageTable) => PageClass.PageTable,
            _ when Has(PageFlags.HugeTlb) => PageClass.HugeTlb,
            _ when Has(PageFlags.ZeroPage) => PageClass.HugeZero,
            _ when Has(PageFlags.Anonymous) => PageClass.Anonymous,
            _ when !Has(PageFlags.Lru) => PageClass.Unmarked,
            _ when Has(PageFlags.SwapBacked) => PageClass.Shared,
            _ when Has(PageFlags.Unevictable) && !Has(PageFlags.Mlocked) => PageClass.Ramfs,
            _ => PageClass.File,
        };
    }
}
