using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Rootcast.Images.Progress;
using Rootcast.Lab.Footprints;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Tests;

/// <summary>A known amount of each kind is allocated, and exactly that row must grow by it, within 2 %. Rows are those of this test's own mounts, devices
/// and processes, so that what else the machine does is in none of them.</summary>
public sealed class FootprintTests : IDisposable
{
    private const long Amount = 64 << 20;
    private const double Tolerance = 0.02;
    private readonly string directory = Directory.CreateTempSubdirectory("rootcast-footprint").FullName;

    public void Dispose()
    {
        foreach (
            MountedFileSystem mount in MountedFileSystem.All().Where(mount => mount.Place.StartsWith(directory, StringComparison.Ordinal))
        )
        {
            Mounting.Unmount(mount.Place, detach: true);
        }
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("size=1G")]
    [InlineData("size=0")]
    public void AFileInATmpfs(string options)
    {
        string place = Tmpfs(options);
        Footprint before = Take();
        Fill(Path.Combine(place, "file"));
        Grew(before, Take(), row => row.Owner == $"tmpfs {place}", RowKinds.MemoryFiles, reclaimable: false);
    }

    [Fact]
    public void AFileInARamfs()
    {
        Host.NeedsRoot();
        string place = Path.Combine(directory, "ramfs");
        Directory.CreateDirectory(place);
        Mounting.Mount("ramfs", "ramfs", place);
        Footprint before = Take(place);
        Fill(Path.Combine(place, "file"));
        Grew(before, Take(place), row => row.Owner == $"ramfs {place}", RowKinds.MemoryFiles, reclaimable: false);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AFileThatIsReadIntoThePageCache(bool withCacheStat)
    {
        using LoopFileSystem files = new("ext4", "256M");
        string path = files.PathOf("file");
        Fill(path);
        Uncache(path);
        Footprint before = Take(files.Path, withCacheStat);
        Read(path);
        CachedGrew(before, () => Take(files.Path, withCacheStat), row => row.Owner == $"ext4 {files.Path}", RowKinds.CachedFiles, path);
    }

    [Fact]
    public void AFileThatIsDeletedAndStillOpen()
    {
        using LoopFileSystem files = new("ext4", "256M");
        string path = files.PathOf("file");
        using FileStream open = File.Create(path);
        File.Delete(path);
        Footprint before = Take(files.Path);
        Span<byte> block = new byte[1 << 20];
        for (long at = 0; at < Amount; at += block.Length)
        {
            open.Write(block);
        }
        open.Flush();
        CachedGrew(
            before,
            () => Take(files.Path),
            row => row.Owner == $"ext4 {files.Path}",
            RowKinds.CachedFiles,
            PathOf(open.SafeFileHandle)
        );
    }

    [Fact]
    public void WhatLiesUnderAnotherMountIsSeen()
    {
        using LoopFileSystem files = new("ext4", "256M");
        string covered = Directory.CreateDirectory(files.PathOf("covered")).FullName;
        Footprint before = Take(files.Path);
        Fill(Path.Combine(covered, "file"));
        // The way to read it anew. It is the directory, for a file that somebody has open would be found through that.
        using SafeFileHandle open = FileNodes.Open(covered, OpenFlags.Directory);
        Mounting.Mount("tmpfs", "tmpfs", covered);
        try
        {
            CachedGrew(
                before,
                () => Take(files.Path),
                row => row.Owner == $"ext4 {files.Path}",
                RowKinds.CachedFiles,
                Path.Combine(PathOf(open), "file")
            );
        }
        finally
        {
            Mounting.Unmount(covered);
        }
    }

    [Fact]
    public void AProcessWithDataOfItsOwn()
    {
        Host.NeedsRoot();
        // It reads zeros into one block, and then waits in writing it until somebody reads all of it.
        string fifo = Path.Combine(directory, "fifo");
        Host.Run("mkfifo", fifo);
        using Process process = Process.Start(
            new ProcessStartInfo("dd", ["if=/dev/zero", $"of={fifo}", $"bs={Amount}", "count=1", "status=none"])
        )!;
        try
        {
            using FileStream reading = File.OpenRead(fifo);
            Assert.Equal(0, reading.ReadByte());
            IEnumerable<FootprintRow> rows = Take().Rows.Where(row => row.Detail == $"dd ({process.Id})");
            FootprintRow row = Assert.Single(rows);
            Assert.Equal(("processes", RowKinds.Anonymous, false), (row.Owner, row.Kind, row.Reclaimable));
            Near(Amount, row.Bytes);
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    [Fact]
    public void AFileWithoutAName()
    {
        Host.NeedsRoot();
        string place = Tmpfs("size=1G");
        string path = Path.Combine(place, "file");
        Footprint before = Take();
        using FileStream open = File.Create(path);
        File.Delete(path);
        open.Write(new byte[Amount]);
        open.Flush();
        // statfs(2) of the tmpfs has it already; it must not be there twice.
        Footprint after = Take();
        Grew(before, after, row => row.Owner == $"tmpfs {place}", RowKinds.MemoryFiles, reclaimable: false);
        Assert.DoesNotContain(after.Rows, row => row.Detail?.Contains(path, StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public void AFileSystemOnALoopDeviceOverAFileInATmpfs()
    {
        Host.NeedsLoopDevices();
        Host.Needs("mkfs.ext4");
        string tmpfs = Tmpfs("size=1G");
        string image = Path.Combine(tmpfs, "image");
        Host.Run("truncate", "-s", "256M", image);
        Host.Run("mkfs.ext4", "-q", image);
        string place = Path.Combine(directory, "mounted");
        Directory.CreateDirectory(place);
        using (LoopDevice loop = LoopDevice.Attach(image, new LoopOptions(ReadOnly: false)))
        {
            Mounting.Mount("ext4", loop.Path, place);
        }
        Footprint before = Take(place);
        string path = Path.Combine(place, "file");
        Fill(path);
        Host.Run("sync", "-f", place);
        Footprint after = Take(place);
        Grew(before, after, row => row.Owner == $"ext4 {place}", RowKinds.MemoryImage, reclaimable: false);
        CachedGrew(before, () => Take(place), row => row.Owner == $"ext4 {place}", RowKinds.CachedFiles, path);
        // The tmpfs itself holds nothing beside the image.
        Assert.True(Sum(after, row => row.Owner == $"tmpfs {tmpfs}") < Amount * Tolerance);
    }

    [Fact]
    public void ALoopDeviceThatIsRead()
    {
        Host.NeedsLoopDevices();
        string image = Path.Combine(directory, "image");
        Fill(image);
        using LoopDevice loop = LoopDevice.Attach(image, new LoopOptions(ReadOnly: true));
        string name = Path.GetFileName(loop.Path);
        // The page cache of a device lives as long as somebody has it open: this test does.
        Uncache(loop.Path);
        Footprint before = Take();
        Read(loop.Path);
        CachedGrew(before, () => Take(), row => row.Owner == name && row.Detail == name, RowKinds.CachedDevice, loop.Path);
    }

    [Fact]
    public void AZramDevice()
    {
        Host.NeedsRoot();
        Assert.SkipUnless(Directory.Exists("/sys/class/zram-control"), "this kernel has no zram, or its module is not loaded");
        ZramDevice zram = ZramDevice.Create("lzo-rle", Amount * 2);
        try
        {
            string name = Path.GetFileName(zram.Path);
            Footprint before = Take();
            using (SafeFileHandle device = FileNodes.Open(zram.Path, OpenFlags.ReadWrite))
            {
                byte[] block = new byte[1 << 20];
                Random random = new(1);
                for (long at = 0; at < Amount; at += block.Length)
                {
                    // What cannot be compressed is kept as it is.
                    random.NextBytes(block);
                    FileData.WriteAt(device, block, at);
                }
                FileData.Sync(device);
            }
            Grew(before, Take(), row => row.Owner == name, RowKinds.Compressed, reclaimable: false);
        }
        finally
        {
            zram.Reset();
        }
    }

    [Fact]
    public void ManyInodes()
    {
        string place = Tmpfs("size=1G,nr_inodes=0");
        SlabObjects before = new(Take());
        const int files = 60_000;
        for (int i = 0; i < files; i++)
        {
            using SafeFileHandle file = File.OpenHandle(Path.Combine(place, $"{i}"), FileMode.CreateNew, FileAccess.Write);
        }
        long expected = files * SlabObjects.Bytes("shmem_inode_cache");
        // Slabs that were half empty take the first of them.
        Near(expected, new SlabObjects(Take()).Held - before.Held);
    }

    [Fact]
    public void TheRowsSumToWhatIsUsed()
    {
        Host.NeedsRoot();
        Assert.SkipUnless(File.Exists("/proc/kpageflags"), "this kernel has no /proc/kpageflags");
        Footprint footprint = Take();
        Assert.Equal(footprint.UsedBytes, footprint.Rows.Sum(row => row.Bytes) + footprint.RemainderBytes);
        Assert.All(footprint.Rows, row => Assert.True(row.Bytes > 0, row.ToString()));
        Assert.DoesNotContain(footprint.Rows.GroupBy(row => (row.Owner, row.Kind, row.Detail)), row => row.Count() > 1);
    }

    private string Tmpfs(string options)
    {
        Host.NeedsRoot();
        string place = Path.Combine(directory, "tmpfs");
        Directory.CreateDirectory(place);
        Mounting.Mount("tmpfs", "tmpfs", place, options: options);
        return place;
    }

    /// <summary>Walks only what the test mounted, for the host's own root may have millions of files; so the remainder means nothing here, and one survey is
    /// all: a kernel that reclaims beforehand (DAMON) takes pages that nobody has touched for some seconds.</summary>
    private static Footprint Take(string? place = null, bool withCacheStat = true)
    {
        FootprintOptions options = new() { Walks = mount => mount.Place == place, UseCacheStat = withCacheStat };
        using IProgressStage stage = new SilentProgress().Begin("");
        return FootprintAttribution.Of(new FootprintSurvey(options).Observe(stage, TestContext.Current.CancellationToken));
    }

    private static void Grew(Footprint before, Footprint after, Func<FootprintRow, bool> owner, string kind, bool reclaimable)
    {
        bool Wanted(FootprintRow row) => owner(row) && row.Kind == kind && row.Reclaimable == reclaimable;
        Near(Amount, Sum(after, Wanted) - Sum(before, Wanted));
    }

    /// <summary>What was just written or read is in the page cache. Cached pages are the kernel's to take back at any time, and one that reclaims beforehand
    /// does so in pieces of 2 MiB: what is short is read anew, twice at the most.</summary>
    private static void CachedGrew(Footprint before, Func<Footprint> take, Func<FootprintRow, bool> owner, string kind, string path)
    {
        bool Wanted(FootprintRow row) => owner(row) && row.Kind == kind && row.Reclaimable;
        long Grown() => Sum(take(), Wanted) - Sum(before, Wanted);
        long grown = Grown();
        for (int round = 0; round < 2 && grown < Amount * (1 - Tolerance); round++)
        {
            Read(path);
            grown = Grown();
        }
        Near(Amount, grown);
    }

    private static void Near(long expected, long actual) =>
        Assert.True(
            Math.Abs(actual - expected) <= expected * Tolerance,
            $"expected {expected} bytes within 2 %, found {actual} ({100.0 * actual / expected - 100:0.00} %)"
        );

    private static long Sum(Footprint footprint, Func<FootprintRow, bool> wanted) => footprint.Rows.Where(wanted).Sum(row => row.Bytes);

    private static void Fill(string path)
    {
        using FileStream file = File.Create(path);
        byte[] block = new byte[1 << 20];
        for (long at = 0; at < Amount; at += block.Length)
        {
            file.Write(block);
        }
        file.Flush(flushToDisk: true);
    }

    private static void Read(string path) => Host.Run("cat", path);

    /// <summary>Where others can open a file that this process has open, whether its name is still there or not.</summary>
    private static string PathOf(SafeFileHandle open) => $"/proc/{Environment.ProcessId}/fd/{open.DangerousGetHandle()}";

    private static void Uncache(string path)
    {
        using SafeFileHandle file = FileNodes.Open(path, OpenFlags.ReadOnly);
        FileData.DropCache(file, 0, 0);
    }

    /// <summary>What the row of tmpfs's inodes has.</summary>
    private readonly struct SlabObjects(Footprint footprint)
    {
        private const string Cache = "shmem_inode_cache";

        public long Held => footprint.Rows.Where(row => row.Kind == RowKinds.Slab && row.Detail == Cache).Sum(row => row.Bytes);

        /// <summary>Bytes that an object takes in its slab.</summary>
        public static long Bytes(string cache)
        {
            string[] line = File.ReadLines("/proc/slabinfo")
                .First(line => line.StartsWith(cache + " ", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return long.Parse(line[5]) * Environment.SystemPageSize / long.Parse(line[4]);
        }
    }
}
