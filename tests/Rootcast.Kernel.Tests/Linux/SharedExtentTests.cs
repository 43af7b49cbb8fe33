using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Tests;

/// <summary>Reflinks and extent maps on real XFS and Btrfs.</summary>
public sealed class SharedExtentTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rootcast-extents").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("xfs", "300M")]
    [InlineData("btrfs", "128M")]
    public void A_clone_shares_its_extents(string type, string size)
    {
        Host.NeedsLoopDevices();
        Host.Needs($"mkfs.{type}");
        Assert.SkipUnless(
            File.ReadAllText("/proc/filesystems").Contains($"\t{type}\n", StringComparison.Ordinal),
            $"this kernel has no {type}"
        );
        string image = Path.Combine(directory, "image");
        string place = Path.Combine(directory, "place");
        Directory.CreateDirectory(place);
        Host.Run("truncate", "-s", size, image);
        Host.Run($"mkfs.{type}", "-q", image);
        using (LoopDevice loop = LoopDevice.Attach(image, new LoopOptions(ReadOnly: false)))
        {
            Mounting.Mount(type, loop.Path, place);
        }
        try
        {
            byte[] data = new byte[1 << 20];
            new Random(3).NextBytes(data);
            string from = Path.Combine(place, "from");
            File.WriteAllBytes(from, data);
            using SafeFileHandle source = FileNodes.Open(from, OpenFlags.ReadOnly);
            using SafeFileHandle target = FileNodes.Open(Path.Combine(place, "to"), OpenFlags.ReadWrite | OpenFlags.Create, 0x1A4);
            Assert.True(FileData.TryClone(source, 65536, 131072, target, 4096, out int errno), $"errno {errno}");
            byte[] read = new byte[131072];
            FileData.ReadAt(target, read, 4096);
            Assert.Equal(data[65536..196608], read);
            Assert.All(FileExtents.Of(target), extent => Assert.True(extent.IsShared));
            Assert.False(FileData.TryClone(source, 1, 10, target, 3, out _));
            Assert.Equal(0, FileData.SeekHole(target, 0));
            Assert.Equal(4096, FileData.SeekData(target, 0));
        }
        finally
        {
            Mounting.Unmount(place);
        }
    }
}
