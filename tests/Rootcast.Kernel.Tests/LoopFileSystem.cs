using Rootcast.Linux.Block;
using Rootcast.Linux.Mounts;

namespace Rootcast.Tests;

/// <summary>A new file system on a loop device, mounted in a directory of its own; all of it is gone when disposed.</summary>
internal sealed class LoopFileSystem : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rootcast-loop-fs").FullName;

    public LoopFileSystem(string type, string size, params string[] options)
    {
        Host.NeedsLoopDevices();
        Host.Needs($"mkfs.{type}");
        Path = System.IO.Path.Combine(directory, "mounted");
        string image = System.IO.Path.Combine(directory, "image");
        try
        {
            Assert.SkipUnless(
                File.ReadAllText("/proc/filesystems").Contains($"\t{type}\n", StringComparison.Ordinal),
                $"this kernel has no {type}"
            );
            Directory.CreateDirectory(Path);
            Host.Run("truncate", "-s", size, image);
            Host.Run($"mkfs.{type}", ["-q", .. options, image]);
            using LoopDevice loop = LoopDevice.Attach(image, new LoopOptions(ReadOnly: false));
            Mounting.Mount(type, loop.Path, Path);
        }
        catch
        {
            Directory.Delete(directory, recursive: true);
            throw;
        }
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        Mounting.Unmount(Path, detach: true);
        Directory.Delete(directory, recursive: true);
    }
}
