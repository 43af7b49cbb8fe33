using Rootcast.Linux.Memory;

namespace Rootcast.Lab.Footprints;

public sealed partial class FootprintAttribution
{
    // Functions that ask for a thread's stack, for a module's memory: which of them vmallocinfo shows depends on what the compiler inlined.
    private static readonly string[] StackCallers =
    [
        "dup_task_struct",
        "copy_process",
        "kernel_clone",
        "alloc_thread_stack_node",
        "fork_idle",
    ];
    private static readonly string[] ModuleCallers =
    [
        "load_module",
        "move_module",
        "layout_and_allocate",
        "module_alloc",
        "module_memory_alloc",
        "execmem_alloc",
        "execmem_vmalloc",
        "execmem_cache_populate",
    ];

    /// <summary>Slab caches; returns what of them has no flag in kpageflags: allocations too large for a slab.</summary>
    private long AddSlab()
    {
        long total = Field("Slab");
        if (seen.Slabs is not { } caches)
        {
            ledger.Add(Subsystem.Kernel, RowKinds.Slab, "of caches that can shrink", Field("SReclaimable"), reclaimable: true);
            ledger.Add(Subsystem.Kernel, RowKinds.Slab, "of caches that cannot", Field("SUnreclaim"), reclaimable: false);
        }
        else
        {
            Dictionary<string, long> own = AddOwnCaches(caches);
            long rest = total;
            foreach (SlabCache cache in caches)
            {
                long bytes = cache.Bytes - own.GetValueOrDefault(cache.Name);
                rest -= own.GetValueOrDefault(cache.Name);
                rest -= ledger.Add(Subsystem.Of(cache.Name), RowKinds.Slab, cache.Name, bytes, seen.ReclaimableSlabs.Contains(cache.Name));
            }
            ledger.Add(Subsystem.Kernel, RowKinds.Slab, "kmalloc of more than a slab holds", rest, reclaimable: false);
        }
        return seen.Census is { } census ? Math.Max(0, total - (census[PageClass.Slab] * PageBytes)) : 0;
    }

    /// <summary>Buffers of squashfs, which are kmalloc of a page each: what fs/squashfs/super.c makes at each mount. Returned are the bytes to be taken off the
    /// slab cache where they are.</summary>
    private Dictionary<string, long> AddOwnCaches(IReadOnlyList<SlabCache> caches)
    {
        Dictionary<string, long> taken = new(StringComparer.Ordinal);
        SlabCache? pages = caches.FirstOrDefault(cache => cache.Name == $"kmalloc-{PageBytes / 1024}k");
        long left = pages?.Bytes ?? 0;
        foreach (ObservedFileSystem mounted in seen.FileSystems.Where(mounted => mounted.Mount.Type == "squashfs"))
        {
            // SQUASHFS_CACHED_BLKS of SQUASHFS_METADATA_SIZE, CONFIG_SQUASHFS_FRAGMENT_CACHE_SIZE blocks (3 unless somebody changed it).
            const long metadata = 8 * 8192;
            const int fragments = 3;
            long bytes = ledger.Add(
                mounted.Owner,
                RowKinds.Caches,
                "metadata and fragments: 8 x 8 KiB + 3 blocks, worked out",
                Math.Min(left, metadata + (fragments * mounted.BlockBytes)),
                reclaimable: false
            );
            left -= bytes;
            taken[pages?.Name ?? ""] = taken.GetValueOrDefault(pages?.Name ?? "") + bytes;
        }
        return taken;
    }

    /// <summary>vmalloc by who asked, with stacks and modules; returns all of it.</summary>
    private long AddVmalloc()
    {
        long stacks = Field("KernelStack");
        ledger.Add(Subsystem.Kernel, RowKinds.Kernel, "stacks of threads", stacks, reclaimable: false);
        if (seen.Vmalloc is not { } areas)
        {
            long others = Field("VmallocUsed") - stacks;
            others -= AddModules(long.MaxValue);
            return stacks + ledger.Add(Subsystem.Kernel, RowKinds.Vmalloc, "all but stacks and modules", others, reclaimable: false);
        }
        long ofStacks = areas.Where(area => StackCallers.Contains(area.Caller)).Sum(area => area.Bytes);
        ledger.Add(Subsystem.Kernel, RowKinds.Kernel, "stacks kept for threads to come", ofStacks - stacks, reclaimable: false);
        long ofModules = areas.Where(IsModule).Sum(area => area.Bytes);
        ledger.Add("modules", RowKinds.Module, "beyond the sizes in /proc/modules", ofModules - AddModules(ofModules), reclaimable: false);
        IEnumerable<IGrouping<(string Caller, string? Module), VmallocArea>> groups = areas
            .Where(area => !IsModule(area) && !StackCallers.Contains(area.Caller))
            .GroupBy(area => (area.Caller, area.Module));
        long sum = ofModules + Math.Max(stacks, ofStacks);
        foreach (IGrouping<(string Caller, string? Module), VmallocArea> group in groups)
        {
            (string caller, string? module) = group.Key;
            string owner = Subsystem.Of(module ?? caller);
            sum += ledger.Add(
                owner,
                RowKinds.Vmalloc,
                module is null ? caller : $"{caller} [{module}]",
                group.Sum(area => area.Bytes),
                reclaimable: false
            );
        }
        return sum;

        static bool IsModule(VmallocArea area) => area.Module is null && ModuleCallers.Contains(area.Caller);
    }

    private long AddModules(long most)
    {
        long sum = 0;
        foreach ((string name, long bytes) in seen.Modules)
        {
            string owner = Subsystem.Of(name) is var part && part == Subsystem.Kernel ? "modules" : part;
            long pages = (bytes + PageBytes - 1) / PageBytes * PageBytes;
            sum += ledger.Add(owner, RowKinds.Module, name, Math.Min(pages, most - sum), reclaimable: false);
        }
        return sum;
    }

    /// <summary>What has counters of its own; returns what of it has no flag in kpageflags.</summary>
    private long AddOthers()
    {
        PageCensus? census = seen.Census;
        long tables = census is null ? Field("PageTables") + Field("SecPageTables") : census[PageClass.PageTable] * PageBytes;
        ledger.Add(Subsystem.Kernel, RowKinds.Kernel, "page tables", tables, reclaimable: false);
        long huge = census is null ? Field("Hugetlb") : census[PageClass.HugeTlb] * PageBytes;
        ledger.Add("huge pages", RowKinds.Kernel, "hugetlbfs, used and free", huge, reclaimable: false);
        ledger.Add(
            Subsystem.Kernel,
            RowKinds.Kernel,
            "the huge page of zeros",
            (census?[PageClass.HugeZero] ?? 0) * PageBytes,
            reclaimable: true
        );
        long unmarked = ledger.Add(
            Subsystem.Kernel,
            RowKinds.Kernel,
            "per-CPU data",
            Field("Percpu") - (seen.Boot?.PerCpu ?? 0),
            reclaimable: false
        );
        unmarked += ledger.Add(
            Subsystem.Kernel,
            RowKinds.Free,
            "on the processors' own lists",
            seen.Zones.FreeOnProcessors,
            reclaimable: true
        );
        unmarked += ledger.Add("device-mapper", RowKinds.PageBuffers, "dm-bufio", seen.BufioPages, reclaimable: true);
        unmarked += ledger.Add("zfs", RowKinds.PageBuffers, "ARC, data in pages (abd)", seen.ArcPages, reclaimable: true);
        foreach (ObservedDevice device in seen.Devices)
        {
            if (device.Compressed is { } compressed)
            {
                unmarked += ledger.Add(owners.Of(device), RowKinds.Compressed, device.Name, compressed.Taken, reclaimable: false);
            }
        }
        return unmarked;
    }
}
