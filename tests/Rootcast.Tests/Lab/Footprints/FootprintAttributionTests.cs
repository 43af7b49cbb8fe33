using Rootcast.Lab.Footprints;
using Rootcast.Linux.Memory;
using Rootcast.Linux.Mounts;

namespace Rootcast.Tests;

/// <summary>A machine made up: squashfs on a loop over an image in a tmpfs, below an overlay, as form squashfs is by http.</summary>
public class FootprintAttributionTests
{
    private const long Mebibyte = 1 << 20;
    private static readonly long PagesOfMebibyte = Mebibyte / Environment.SystemPageSize;

    private static FootprintObservation Machine
    {
        get
        {
            PageCensus census = new();
            Count(census, 100, PageFlags.Anonymous);
            Count(census, 120, PageFlags.Lru | PageFlags.SwapBacked);
            Count(census, 58, PageFlags.Lru);
            Count(census, 30, PageFlags.Slab);
            Count(census, 4, PageFlags.PageTable);
            Count(census, 40, PageFlags.None);
            Count(census, 500, PageFlags.Buddy);
            return new FootprintObservation
            {
                // 352 MiB are used.
                MemInfo = $"""
                    MemTotal:   {852 * 1024} kB
                    MemFree:    {500 * 1024} kB
                    Buffers:    {20 * 1024} kB
                    Cached:     {160 * 1024} kB
                    Shmem:      {120 * 1024} kB
                    AnonPages:  {100 * 1024} kB
                    Slab:       {32 * 1024} kB
                    KernelStack: {2 * 1024} kB
                    Percpu:     {5 * 1024} kB
                    """,
                Zones = new ZoneInfo(900 * Mebibyte, 852 * Mebibyte, 6 * Mebibyte),
                Census = census,
                Slabs = [new SlabCache("dentry", 1, 192, 10 * Mebibyte), new SlabCache("kmalloc-4k", 1, 4096, 20 * Mebibyte)],
                ReclaimableSlabs = new HashSet<string>(["dentry"]),
                Vmalloc =
                [
                    new VmallocArea("kernel_clone", null, 3 * Mebibyte),
                    new VmallocArea("load_module", null, 8 * Mebibyte),
                    new VmallocArea("zstd_init", "squashfs", 1 * Mebibyte),
                ],
                Modules = [("squashfs", Mebibyte), ("virtio_net", 6 * Mebibyte)],
                Processes =
                [
                    new ProcessMemory(1, "init", false, 60 * Mebibyte, Mebibyte, 0),
                    new ProcessMemory(2, "fuse", true, 30 * Mebibyte, 0, 0),
                ],
                FileSystems =
                [
                    new ObservedFileSystem(Mount(0x15, "/run", "tmpfs"), null) { IsShared = true, MemoryBytes = 106 * Mebibyte },
                    new ObservedFileSystem(Mount(0x700, "/run/lower", "squashfs"), 0x700)
                    {
                        CachedBytes = 35 * Mebibyte,
                        BlockBytes = 131072,
                    },
                ],
                Devices =
                [
                    new ObservedDevice("loop0", 0x700, [], 20 * Mebibyte)
                    {
                        Backing = new BackingFile("/run/image", 0x15, 7, 105 * Mebibyte),
                    },
                ],
                UnnamedFiles = [new UnnamedFile("/memfd:x", 1, 0x1, IsShared: true, 4 * Mebibyte)],
                SystemV = 2 * Mebibyte,
                Boot = new BootMemory(14 * Mebibyte, 15 * Mebibyte, Mebibyte),
                Self = 1,
            };
        }
    }

    [Theory]
    // Of processes, and what of the total no process has.
    [InlineData("processes", RowKinds.Anonymous, 70, false)]
    [InlineData("root daemon", RowKinds.Anonymous, 30, false)]
    [InlineData("squashfs /run/lower", RowKinds.MemoryImage, 105, false)]
    [InlineData("squashfs /run/lower", RowKinds.CachedFiles, 35, true)]
    [InlineData("squashfs /run/lower", RowKinds.CachedDevice, 20, true)]
    [InlineData("squashfs", RowKinds.Vmalloc, 1, false)]
    [InlineData("squashfs", RowKinds.Module, 1, false)]
    [InlineData("modules", RowKinds.Module, 7, false)]
    // The tmpfs without the image that the squashfs's row has.
    [InlineData("tmpfs /run", RowKinds.MemoryFiles, 1, false)]
    [InlineData("System V", RowKinds.SharedMemory, 2, false)]
    [InlineData("processes", RowKinds.SharedMemory, 4, false)]
    // 120 of Shmem - 106 of the tmpfs - 2 - 4.
    [InlineData("initramfs", RowKinds.MemoryFiles, 8, false)]
    // 160 + 20 - 120 - 35 - 20.
    [InlineData("page cache", RowKinds.OtherCache, 5, true)]
    [InlineData("dentries and inodes", RowKinds.Slab, 10, true)]
    // 2 of stacks, 1 kept, 4 page tables, 5 - 1 per-CPU.
    [InlineData("kernel", RowKinds.Kernel, 11, false)]
    [InlineData("kernel", RowKinds.Free, 6, true)]
    // 40 - (3 + 8 + 1 of vmalloc) - 4 per-CPU - 6 free - 2 of kmalloc without a flag - 2 of page cache on its way to a list.
    [InlineData("kernel", RowKinds.Unnamed, 14, false)]
    public void EachPartHasItsRow(string owner, string kind, long mebibytes, bool reclaimable) =>
        Assert.Equal(
            mebibytes * Mebibyte,
            FootprintAttribution
                .Of(Machine)
                .Rows.Where(row => row.Owner == owner && row.Kind == kind && row.Reclaimable == reclaimable)
                .Sum(row => row.Bytes)
        );

    [Fact]
    public void TheBuffersOfSquashfsAreTakenOffTheirSlab()
    {
        IReadOnlyList<FootprintRow> rows = FootprintAttribution.Of(Machine).Rows;
        Assert.Equal((64 + 384) << 10, rows.Single(row => row.Kind == RowKinds.Caches).Bytes);
        Assert.Equal((20 * Mebibyte) - ((64 + 384) << 10), rows.Single(row => row.Detail == "kmalloc-4k").Bytes);
    }

    [Fact]
    public void TheRowsAndTheRemainderAreWhatIsUsed()
    {
        Footprint footprint = FootprintAttribution.Of(Machine);
        Assert.Equal(352 * Mebibyte, footprint.UsedBytes);
        Assert.Equal(0, footprint.RemainderBytes);
        Assert.Equal(footprint.UsedBytes, footprint.Rows.Sum(row => row.Bytes));
    }

    [Fact]
    public void WhatWasReservedAtBootStandsBeside() =>
        Assert.Equal(48 * Mebibyte, FootprintAttribution.Of(Machine).Reserved.Sum(row => row.Bytes));

    [Fact]
    public void AnImageWhoseFileSystemIsHiddenIsBoundedByWhatIsLeft()
    {
        FootprintObservation machine = Machine;
        ObservedDevice loop = machine.Devices[0] with { Backing = new BackingFile("/root.squashfs (deleted)", null, 7, 300 * Mebibyte) };
        ObservedFileSystem run = machine.FileSystems[0] with { MemoryBytes = Mebibyte };
        Footprint footprint = FootprintAttribution.Of(machine with { Devices = [loop], FileSystems = [run, machine.FileSystems[1]] });
        Assert.Equal(113 * Mebibyte, footprint.Rows.Single(row => row.Kind == RowKinds.MemoryImage).Bytes);
        Assert.DoesNotContain(footprint.Rows, row => row.Owner == "initramfs");
        Assert.Equal(0, footprint.RemainderBytes);
    }

    [Fact]
    public void AStoreOfASnapshotBelongsToWhatIsMountedOnTheSnapshot()
    {
        FootprintObservation machine = Machine;
        ObservedDevice store = new("loop1", 0x701, ["dm-0"], null)
        {
            Backing = new BackingFile("/run/changes", 0x15, 8, Mebibyte),
            IsExceptionStore = true,
        };
        Footprint footprint = FootprintAttribution.Of(
            machine with
            {
                Devices = [.. machine.Devices, store, new ObservedDevice("dm-0", 0xfd00, [], null)],
                FileSystems = [.. machine.FileSystems, new ObservedFileSystem(Mount(0xfd00, "/", "ext4"), 0xfd00)],
            }
        );
        FootprintRow row = footprint.Rows.Single(row => row.Kind == RowKinds.ExceptionStore);
        Assert.Equal(("ext4 /", Mebibyte), (row.Owner, row.Bytes));
        Assert.DoesNotContain(footprint.Rows, other => other.Owner == "tmpfs /run");
    }

    [Fact]
    public void PagesThatReadAheadLeftEmptyAreSaidWhereMappingsWereAsked()
    {
        // None of the made-up pages is up to date: more than the 5 MiB that no file has.
        FootprintRow row = FootprintAttribution.Of(Machine with { ByMapping = true }).Rows.Single(row => row.Kind == RowKinds.OtherCache);
        Assert.Equal(("made by read-ahead and never filled", 5 * Mebibyte), (row.Detail, row.Bytes));
    }

    [Fact]
    public void WithoutPageFlagsNothingIsMadeUp()
    {
        Footprint footprint = FootprintAttribution.Of(Machine with { Census = null, Slabs = null, Vmalloc = null });
        Assert.DoesNotContain(footprint.Rows, row => row.Kind == RowKinds.Unnamed);
        Assert.Equal(footprint.UsedBytes, footprint.Rows.Sum(row => row.Bytes) + footprint.RemainderBytes);
        Assert.True(footprint.RemainderBytes > 0);
    }

    private static MountedFileSystem Mount(ulong device, string place, string type) => new(device, "/", place, type, type, "rw");

    private static void Count(PageCensus census, long mebibytes, PageFlags flags)
    {
        ulong[] entries = new ulong[mebibytes * PagesOfMebibyte];
        Array.Fill(entries, (ulong)flags);
        census.Add(entries);
    }
}
