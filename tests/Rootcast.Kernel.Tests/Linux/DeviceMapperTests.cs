using Microsoft.Win32.SafeHandles;
using Rootcast.Formats.Snapshots;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;

namespace Rootcast.Tests;

/// <summary>Snapshots by the kernel's own device mapper, over loop devices.</summary>
public sealed class DeviceMapperTests : IDisposable
{
    private const int OriginBytes = 1 << 20;
    private readonly string directory;
    private readonly string name = $"rootcast-test-{Environment.ProcessId}";
    private readonly List<LoopDevice> loops = [];

    public DeviceMapperTests()
    {
        Host.NeedsLoopDevices();
        Assert.SkipUnless(File.Exists("/dev/mapper/control"), "this kernel has no device mapper");
        directory = Directory.CreateTempSubdirectory("rootcast-mapper").FullName;
    }

    public void Dispose()
    {
        if (File.Exists("/dev/mapper/control"))
        {
            using DeviceMapper mapper = DeviceMapper.Open();
            if (mapper.Exists(name))
            {
                mapper.Remove(name);
            }
        }
        loops.ForEach(loop => loop.Dispose());
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void A_snapshot_takes_writes_and_leaves_its_origin_alone()
    {
        byte[] origin = Origin(out string originDevice);
        string store = Loop("store", OriginBytes, readOnly: false);
        using DeviceMapper mapper = DeviceMapper.Open();
        Assert.False(mapper.Exists(name));
        string device = mapper.Create(name, [Snapshot(originDevice, store, "N")]);
        Assert.True(mapper.Exists(name));
        Assert.Equal(origin, Read(device));
        Write(device, 8192, 4096, 0xAB);
        Assert.Equal(0xAB, Read(device)[8192]);
        Assert.Equal(origin, File.ReadAllBytes(Path.Combine(directory, "origin")));
        MappedTarget status = Assert.Single(mapper.Status(name));
        Assert.Equal(new SnapshotUsage(SnapshotState.Usable, 8, OriginBytes / 512, 0), SnapshotUsage.Parse(status.Text));
        mapper.Suspend(name);
        mapper.Resume(name);
        mapper.Remove(name);
        Assert.False(mapper.Exists(name));
    }

    [Fact]
    public void A_store_that_we_wrote_empty_keeps_what_is_written()
    {
        byte[] origin = Origin(out string originDevice);
        long bytes = SnapshotStore.BytesForAll(OriginBytes);
        string store = Loop("store", bytes, readOnly: false, SnapshotStore.WriteEmpty(null));
        using DeviceMapper mapper = DeviceMapper.Open();
        string device = mapper.Create(name, [Snapshot(originDevice, store, "P")]);
        Assert.Equal(origin, Read(device));
        for (int at = 0; at < OriginBytes; at += 4096)
        {
            Write(device, at, 4096, 0x5A);
        }
        // Every chunk is written: a store of that size cannot overflow.
        Assert.Equal(SnapshotState.Usable, SnapshotUsage.Parse(Assert.Single(mapper.Status(name)).Text)!.State);
        mapper.Remove(name);
        device = mapper.Create(name, [Snapshot(originDevice, store, "P")], readOnly: true);
        Assert.All(Read(device), value => Assert.Equal(0x5A, value));
    }

    [Fact]
    public void A_store_that_is_too_small_says_so()
    {
        Origin(out string originDevice);
        string store = Loop("store", 8 * 4096, readOnly: false, SnapshotStore.WriteEmpty(null));
        using DeviceMapper mapper = DeviceMapper.Open();
        string device = mapper.Create(name, [Snapshot(originDevice, store, "PO")]);
        for (int at = 0; at < 16 * 4096; at += 4096)
        {
            try
            {
                Write(device, at, 4096, 0x5A);
            }
            catch (Linux.LinuxException)
            {
                // The first that does not fit, and those after it.
            }
        }
        Assert.Equal(SnapshotState.Overflow, SnapshotUsage.Parse(Assert.Single(mapper.Status(name)).Text)!.State);
        Assert.Equal(0x5A, Read(device)[0]);
    }

    [Fact]
    public void A_table_that_the_kernel_refuses_leaves_no_device()
    {
        using DeviceMapper mapper = DeviceMapper.Open();
        Assert.Throws<Linux.LinuxException>(() => mapper.Create(name, [new MappedTarget(0, 8, "no-such-target", "")]));
        Assert.False(mapper.Exists(name));
    }

    private static MappedTarget Snapshot(string origin, string store, string kind) =>
        new(0, OriginBytes / 512, "snapshot", $"{origin} {store} {kind} 8");

    private static byte[] Read(string device)
    {
        using SafeFileHandle handle = FileNodes.Open(device, OpenFlags.ReadOnly);
        byte[] bytes = new byte[OriginBytes];
        Assert.Equal(bytes.Length, FileData.ReadAt(handle, bytes, 0, device));
        return bytes;
    }

    private static void Write(string device, long at, int length, byte value)
    {
        using SafeFileHandle handle = FileNodes.Open(device, OpenFlags.WriteOnly);
        byte[] bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        FileData.WriteAt(handle, bytes, at, device);
        FileData.Sync(handle, device);
    }

    private byte[] Origin(out string device)
    {
        byte[] origin = new byte[OriginBytes];
        new Random(5).NextBytes(origin);
        device = Loop("origin", OriginBytes, readOnly: true, origin);
        return origin;
    }

    private string Loop(string file, long length, bool readOnly, byte[]? head = null)
    {
        string path = Path.Combine(directory, file);
        using (FileStream stream = new(path, FileMode.CreateNew))
        {
            stream.Write(head);
            stream.SetLength(length);
        }
        LoopDevice loop = LoopDevice.Attach(path, new LoopOptions(ReadOnly: readOnly));
        loops.Add(loop);
        return loop.Path;
    }
}
