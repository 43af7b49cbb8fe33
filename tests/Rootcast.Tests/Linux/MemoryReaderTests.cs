using System.Text;
using Rootcast.Linux.Memory;
using Rootcast.Linux.Mounts;

namespace Rootcast.Tests;

/// <summary>Lines as kernels 6.1 and 6.18 write them.</summary>
public class MemoryReaderTests
{
    private const string Slabs = """
        slabinfo - version: 2.1
        # name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> <sharedavail>
        ext4_groupinfo_1k    150    150    160   25    1 : tunables    0    0    0 : slabdata      6      6      0
        btrfs_ordered_extent    152    152    416   19    2 : tunables    0    0    0 : slabdata      8      8      0
        """;

    private const string Vmalloc = """
        0x00000000082b724c-0x00000000e8d296ff   20480 irq_init_percpu_irqstack+0xca/0x100 vmap
        0x00000000e8d296ff-0x00000000e2c25217    8192 acpi_os_map_iomem+0x1bc/0x1e0 phys=0x00000000000a0000 ioremap
        0x000000005eb8d850-0x00000000b0ab14c4   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc N0=4
        0x000000005eb8d850-0x00000000b0ab14c4  167936 zstd_init+0x32/0x60 [squashfs] pages=40 vmalloc N0=40
        0x000000005eb8d850-0x00000000b0ab14c4    8192 unpurged vm_area
        """;

    private const string Zones = """
        Node 0, zone      DMA
          pages free     3840
                spanned  4095
                present  3998
                managed  3840
          pagesets
            cpu: 0
                      count: 7
                      high:  14
        Node 0, zone    DMA32
                present  520160
                managed  499000
          pagesets
            cpu: 0
                      count: 100
        """;

    private const string Mounts = """
        22 27 0:21 / /proc rw,relatime - proc proc rw
        27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
        28 27 0:25 /a\040b /mnt/with\040blank ro - overlay overlay rw,lowerdir=/a:/b,upperdir=/c
        a line that is none
        """;

    private const string Ram = """
        00000000-00000fff : Reserved
        00001000-0009fbff : System RAM
        00100000-bfffffff : System RAM
          01000000-02208d87 : Kernel code
        140000000-17fffffff : virtio0
          140000000-147ffffff : System RAM (virtio_mem)
        """;

    [Fact]
    public void SlabInfoGivesTheBytesOfSlabs() =>
        Assert.Equal(
            [
                new SlabCache("ext4_groupinfo_1k", 150, 160, 6 * Environment.SystemPageSize),
                new SlabCache("btrfs_ordered_extent", 152, 416, 16 * Environment.SystemPageSize),
            ],
            SlabCache.Parse(Slabs)
        );

    [Fact]
    public void VmallocInfoGivesAreasWithPagesOfTheirOwn() =>
        Assert.Equal(
            [
                new VmallocArea("kernel_clone", null, 4 * Environment.SystemPageSize),
                new VmallocArea("zstd_init", "squashfs", 40 * Environment.SystemPageSize),
            ],
            VmallocArea.Parse(Vmalloc)
        );

    [Fact]
    public void ZoneInfoGivesAllZonesTogether() =>
        Assert.Equal(
            new ZoneInfo(524158L * Environment.SystemPageSize, 502840L * Environment.SystemPageSize, 107L * Environment.SystemPageSize),
            ZoneInfo.Parse(Zones)
        );

    [Fact]
    public void MountInfoGivesNumbersPlacesAndOptions()
    {
        IReadOnlyList<MountedFileSystem> mounts = MountedFileSystem.Parse(Mounts);
        Assert.Equal(["/proc", "/", "/mnt/with blank"], mounts.Select(mount => mount.Place));
        Assert.Equal(254UL << 8, mounts[1].Device);
        Assert.Equal("/a b", mounts[2].Root);
        Assert.Equal("/c", mounts[2].Option("upperdir"));
        Assert.Null(mounts[2].Option("upper"));
    }

    [Fact]
    public void FramesOfMemoryAreWholePages() => Assert.Equal([(1, 0x9f), (0x100, 0xc0000), (0x140000, 0x148000)], SystemRam.Parse(Ram));

    [Fact]
    public void HiddenAddressesAreNoRanges() => Assert.Empty(SystemRam.Parse("00000000-00000000 : System RAM\n"));

    [Fact]
    public void TheLogTellsWhatWasReservedAtBoot() =>
        Assert.Equal(
            new BootMemory(14336 * 1024, (2771 + 9456 + 3380) * 1024, 2 * 62 * Environment.SystemPageSize),
            BootMemory.Parse(
                [
                    "percpu: Embedded 62 pages/cpu s217088 r8192 d28672 u1048576",
                    "Memory: 2004564K/2096600K available (14336K kernel code, 2771K rwdata, 9456K rodata, 2796K init, 3380K bss, 91776K reserved, 0K cma-reserved)",
                ],
                processors: 2
            )
        );

    [Fact]
    public void ALogThatForgotTellsNothing() => Assert.Null(BootMemory.Parse(["something else"], 2));

    [Fact]
    public void AProcessThatMarksItselfIsTheRootDaemon()
    {
        ProcessMemory process = ProcessMemory.Parse(
            7,
            "zfs-fuse",
            "@sbin/zfs-fuse",
            "Pss:  30 kB\nPss_Anon:  20 kB\nPss_File:  8 kB\nPss_Shmem:  2 kB\n"
        );
        Assert.Equal(new ProcessMemory(7, "zfs-fuse", true, 20480, 8192, 2048), process);
    }

    [Fact]
    public void PagesAreCountedByWhatTheyAreFor()
    {
        PageCensus census = new();
        census.Add([
            (ulong)PageFlags.Buddy,
            (ulong)(PageFlags.Lru | PageFlags.SwapBacked | PageFlags.CompoundHead),
            // Kernel 6.1: a tail has no flag of its own but this.
            (ulong)(PageFlags.CompoundTail | PageFlags.TransparentHuge),
            (ulong)(PageFlags.Lru | PageFlags.Anonymous | PageFlags.SwapBacked | PageFlags.Unevictable | PageFlags.Mlocked),
            (ulong)(PageFlags.Lru | PageFlags.Unevictable),
            (ulong)PageFlags.Lru,
            (ulong)(PageFlags.Slab | PageFlags.CompoundTail),
            (ulong)PageFlags.NoPage,
            (ulong)PageFlags.Offline,
            (ulong)PageFlags.Reserved,
            0,
        ]);
        PageClass[] counted =
        [
            PageClass.Free,
            PageClass.Anonymous,
            PageClass.Ramfs,
            PageClass.File,
            PageClass.Slab,
            PageClass.Reserved,
            PageClass.Unmarked,
        ];
        Assert.All(counted, of => Assert.Equal(1, census[of]));
        Assert.Equal(2, census[PageClass.Shared]);
        Assert.Equal(2, census[PageClass.Absent]);
        Assert.Equal(7, census.Used);
    }

    [Fact]
    public void MutatedTextsAreRead()
    {
        foreach (
            (string sample, Action<string> read) in ((string, Action<string>)[])
                [
                    (Slabs, text => SlabCache.Parse(text)),
                    (Vmalloc, text => VmallocArea.Parse(text)),
                    (Zones, text => ZoneInfo.Parse(text)),
                    (Mounts, text => MountedFileSystem.Parse(text)),
                    (Ram, text => SystemRam.Parse(text)),
                    ("Memory: 1K/2K available (1K kernel code, 2K bss)", text => BootMemory.Parse(text.Split('\n'), 2)),
                ]
        )
        {
            Fuzzing.Mutate(1000, Encoding.UTF8.GetBytes(sample), bytes => read(Encoding.UTF8.GetString(bytes)));
        }
    }
}
