using Microsoft.Win32.SafeHandles;
using Rootcast.Init.Carriers;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Tests;

public sealed class ConsumingStreamTests : IDisposable
{
    private const int Length = (8 << 20) + 12345;
    private readonly string directory;

    public ConsumingStreamTests()
    {
        Host.NeedsRoot();
        directory = Directory.CreateTempSubdirectory("rootcast-consume").FullName;
        Mounting.Mount("tmpfs", "test", directory, MountFlags.None, "size=16M");
    }

    public void Dispose()
    {
        Mounting.Unmount(directory, detach: true);
        Directory.Delete(directory);
    }

    [Fact]
    public void Pages_go_back_behind_the_reader()
    {
        byte[] data = new byte[Length];
        new Random(7).NextBytes(data);
        string file = Path.Combine(directory, "payload");
        File.WriteAllBytes(file, data);
        SafeFileHandle handle = FileNodes.Open(file, OpenFlags.ReadWrite);
        using ConsumingStream stream = new(handle, file, Length);
        byte[] piece = new byte[100_000];
        int read = 0;
        while (stream.Read(piece) is var got and > 0)
        {
            Assert.True(data.AsSpan(read, got).SequenceEqual(piece.AsSpan(0, got)));
            read += got;
            long held = FileNodes.Status(handle).AllocatedBytes;
            Assert.True(held <= Length - read + (3 << 20), $"{held} bytes held, {Length - read} not yet read");
        }
        Assert.Equal(Length, read);
        Assert.Equal(0, FileNodes.Status(handle).AllocatedBytes);
    }
}
