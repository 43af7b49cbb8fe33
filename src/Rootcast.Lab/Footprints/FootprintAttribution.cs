using Rootcast.Linux.Memory;

namespace Rootcast.Lab.Footprints;

/// <summary>Gives every page an owner, once. The kernel's own totals bound each part: what of a total no finer source explains is a row of its own, never
/// spread over the others.</summary>
public sealed partial class FootprintAttribution
{
    private static readonly int PageBytes = Environment.SystemPageSize;
    private readonly FootprintObservation seen;
    private readonly FootprintLedger ledger = new();
    private readonly DeviceOwners owners;

    private FootprintAttribution(FootprintObservation seen)
    {
        this.seen = seen;
        owners = new DeviceOwners(seen.FileSystems, seen.Devices);
    }

    /// <summary>The footprint of an observation.</summary>
    public static Footprint Of(FootprintObservation seen) => new FootprintAttribution(seen).Make();

    private Footprint Make()
    {
        long used = Field("MemTotal") - Field("MemFree");
        AddAnonymous();
        // Each returns the kernel's total of what it attributed.
        long onLists = AddSharedMemory() + AddPageCache();
        long unmarked = AddSlab() + AddVmalloc() + AddOthers();
        if (seen.Census is { } census)
        {
            // Pages of the page cache that wait in a processor's batch to be put on an LRU list have no flag that says what they are.
            long listed = (census[PageClass.Shared] + census[PageClass.Ramfs] + census[PageClass.File]) * PageBytes;
            long waiting = Math.Max(0, onLists - listed);
            ledger.Add(
                Subsystem.Kernel,
                RowKinds.Unnamed,
                "no flag, no counter: rings and buffers of drivers, packets",
                (census[PageClass.Unmarked] * PageBytes) - unmarked - waiting,
                reclaimable: false
            );
        }
        return new Footprint
        {
            UsedBytes = used,
            TotalBytes = Field("MemTotal"),
            RemainderBytes = used - ledger.Sum,
            Rows = ledger.Rows,
            Reserved = Reserved(),
            Processes =
            [
                .. seen
                    .Processes.Select(process => new ProcessShare(
                        process.Pid,
                        process.Name,
                        process.Anonymous,
                        process.File,
                        process.Shared
                    ))
                    .OrderByDescending(process => process.Anonymous + process.File + process.Shared)
                    .ThenBy(process => process.Pid),
            ],
            Facts = seen.Facts,
            Notes = seen.Notes,
            Kernel = seen.Kernel,
        };
    }

    private void AddAnonymous()
    {
        long total = seen.Census is { } census ? census[PageClass.Anonymous] * PageBytes : Field("AnonPages");
        foreach (ProcessMemory process in seen.Processes)
        {
            string self = process.Pid == seen.Self ? ", which measures" : "";
            total -= ledger.Add(
                process.IsRootDaemon ? "root daemon" : "processes",
                RowKinds.Anonymous,
                $"{process.Name} ({process.Pid}{self})",
                process.Anonymous,
                reclaimable: false
            );
        }
        ledger.Add("processes", RowKinds.Anonymous, "of no process that could be asked", total, reclaimable: false);
    }

    /// <summary>Memory that the allocator never had, split as far as the log says.</summary>
    private IReadOnlyList<FootprintRow> Reserved()
    {
        long all = seen.Zones.Present - seen.Zones.Managed;
        FootprintLedger reserved = new();
        if (seen.Boot is { } boot)
        {
            all -= reserved.Add("reserved at boot", RowKinds.Kernel, "kernel code", boot.Code, reclaimable: false);
            all -= reserved.Add("reserved at boot", RowKinds.Kernel, "kernel data", boot.Data, reclaimable: false);
            all -= reserved.Add("reserved at boot", RowKinds.Kernel, "first chunk of per-CPU data", boot.PerCpu, reclaimable: false);
        }
        reserved.Add("reserved at boot", RowKinds.Kernel, "descriptors of pages, firmware, crash kernel, others", all, reclaimable: false);
        return reserved.Rows;
    }

    private long Field(string name) => MemoryInfo.Field(seen.MemInfo, name + ":");
}
