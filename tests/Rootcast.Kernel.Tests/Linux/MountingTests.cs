using Rootcast.Linux;
using Rootcast.Linux.Mounts;

namespace Rootcast.Tests;

public sealed class MountingTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rootcast-mount").FullName;

    public MountingTests() => Host.NeedsRoot();

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_tmpfs_has_its_bound_and_takes_a_new_one()
    {
        Mounting.Mount("tmpfs", "test", directory, MountFlags.NoSuid, "size=1M,mode=0700");
        try
        {
            Assert.Equal(1 << 20, FileSystemUsage.Of(directory).TotalBytes);
            Assert.Equal(FileSystemUsage.MagicTmpfs, FileSystemUsage.Of(directory).Magic);
            Mounting.Remount(directory, MountFlags.NoSuid, "size=2M");
            Assert.Equal(2 << 20, FileSystemUsage.Of(directory).TotalBytes);
        }
        finally
        {
            Mounting.Unmount(directory);
        }
    }

    [Fact]
    public void A_mount_moves_and_is_shown_at_another_place()
    {
        string[] places = [.. new[] { "private", "private/a", "private/b", "private/c" }.Select(name => Path.Combine(directory, name))];
        Directory.CreateDirectory(places[0]);
        // A mount may not be moved out of one that is shared with other namespaces.
        Mounting.Mount("tmpfs", "test", places[0]);
        try
        {
            Mounting.MakePrivate(places[0]);
            Array.ForEach(places[1..], place => Directory.CreateDirectory(place));
            Mounting.Mount("tmpfs", "test", places[1]);
            File.WriteAllText(Path.Combine(places[1], "file"), "data");
            Mounting.Move(places[1], places[2]);
            Assert.False(File.Exists(Path.Combine(places[1], "file")));
            Mounting.Bind(places[2], places[3]);
            Assert.Equal("data", File.ReadAllText(Path.Combine(places[3], "file")));
        }
        finally
        {
            Mounting.Unmount(places[0], detach: true);
        }
    }

    [Fact]
    public void A_file_system_that_is_not_there_is_told_by_name()
    {
        LinuxException error = Assert.Throws<LinuxException>(() => Mounting.Mount("nosuchfs", "none", directory));
        Assert.Equal(Errno.NoDevice, error.Number);
        Assert.Contains("mount nosuchfs none on", error.Message, StringComparison.Ordinal);
    }
}
