using Rootcast.Linux;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Tests;

public sealed class LoopDeviceTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rootcast-loop").FullName;

    public LoopDeviceTests() => Host.NeedsLoopDevices();

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_file_becomes_a_device_that_mounts_and_goes_with_its_mount()
    {
        string image = Image("mkfs.ext4", "8M");
        string place = Path.Combine(directory, "mounted");
        Directory.CreateDirectory(place);
        string path;
        using (LoopDevice loop = LoopDevice.Attach(image, new LoopOptions(ReadOnly: false)))
        {
            path = loop.Path;
            Mounting.Mount("ext4", path, place, MountFlags.NoAccessTime);
        }
        try
        {
            File.WriteAllText(Path.Combine(place, "file"), "data");
            Assert.Equal(0xEF53, FileSystemUsage.Of(place).Magic);
            Assert.Equal(image, File.ReadAllText($"/sys/block/{Path.GetFileName(path)}/loop/backing_file").Trim());
        }
        finally
        {
            Mounting.Unmount(place);
        }
        Assert.False(Directory.Exists($"/sys/block/{Path.GetFileName(path)}/loop"), "auto-clear has not freed the device");
    }

    [Fact]
    public void Options_are_in_force()
    {
        string image = Path.Combine(directory, "image");
        Host.Run("truncate", "-s", "1M", image);
        LoopOptions options = new(ReadOnly: true, DirectIo: true, BlockSize: 4096, Offset: 8192, Length: 65536);
        using LoopDevice loop = LoopDevice.Attach(image, options);
        using Microsoft.Win32.SafeHandles.SafeFileHandle device = FileNodes.Open(loop.Path, OpenFlags.ReadOnly);
        Assert.Equal(65536, BlockDevice.Length(device, loop.Path));
        Assert.Equal(4096, BlockDevice.LogicalBlockSize(device, loop.Path));
        Assert.Equal("1", File.ReadAllText($"/sys/block/{Path.GetFileName(loop.Path)}/ro").Trim());
        Assert.Equal(loop.UsesDirectIo ? "1" : "0", File.ReadAllText($"/sys/block/{Path.GetFileName(loop.Path)}/loop/dio").Trim());
    }

    [Fact]
    public void A_mount_that_fails_says_what_was_tried_and_why()
    {
        string image = Image("mkfs.ext4", "8M");
        using (FileStream file = File.OpenWrite(image))
        {
            // Beyond the device's end: the kernel refuses the geometry and says so in its log.
            file.Seek(1024 + 4, SeekOrigin.Begin);
            file.Write([0xff, 0xff, 0xff, 0x0f]);
        }
        using LoopDevice loop = LoopDevice.Attach(image, new LoopOptions());
        LinuxException error = Assert.Throws<LinuxException>(() => Mounting.Mount("ext4", loop.Path, directory, MountFlags.ReadOnly));
        Assert.Equal($"mount ext4 {loop.Path} on", error.Operation);
        Assert.Equal(directory, error.Target);
        Assert.Contains("errno", error.Message, StringComparison.Ordinal);
        if (File.Exists("/dev/kmsg"))
        {
            Assert.Contains("EXT4-fs", error.KernelMessage, StringComparison.Ordinal);
        }
    }

    private string Image(string program, string size)
    {
        Host.Needs(program);
        string image = Path.Combine(directory, "image");
        Host.Run("truncate", "-s", size, image);
        Host.Run(program, "-q", image);
        return image;
    }
}
