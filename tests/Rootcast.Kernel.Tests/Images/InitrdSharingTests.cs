using Rootcast.Contract;
using Rootcast.Images.Cpio;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Initrds;

namespace Rootcast.Tests;

/// <summary>Initrds out of segments on real file systems: what is shared by the file system's own word (FIEMAP).</summary>
public sealed class InitrdSharingTests
{
    private const int PayloadBytes = (12 << 20) + 123;

    [Theory]
    [InlineData("xfs", "300M", "-m", "reflink=1")]
    [InlineData("btrfs", "128M")]
    public void Segments_share_their_blocks_with_the_files_that_they_come_from(string type, string size, params string[] options)
    {
        using LoopFileSystem place = new(type, size, options);
        (string basePath, string payload) = Sources(place);
        InitrdBytes bytes = Assemble(basePath, payload, place.PathOf("initrd"));
        ArchiveExtents extents = ArchiveExtents.Of(place.PathOf("initrd"));
        Assert.Equal(bytes.Total, extents.TotalBytes);
        Assert.Equal(bytes.Shared, extents.SharedBytes);
        // All but the payload's header, the ends of both files, and plan.
        Assert.InRange(extents.ExclusiveBytes, 1, 6 * 4096);
        Assert.All(bytes.Segments, segment => Assert.Null(segment.NotShared));
        AssertContents(place.PathOf("initrd"), payload);
    }

    [Fact]
    public void Elsewhere_they_are_copied_and_it_is_said_why()
    {
        using LoopFileSystem xfs = new("xfs", "300M", "-m", "reflink=1");
        using LoopFileSystem ext4 = new("ext4", "200M");
        (string basePath, string payload) = Sources(xfs);
        InitrdBytes across = Assemble(basePath, payload, ext4.PathOf("initrd"));
        Assert.Equal(0, across.Shared);
        Assert.Contains("another file system", across.Segments[^1].NotShared, StringComparison.Ordinal);
        AssertContents(ext4.PathOf("initrd"), payload);
        (basePath, payload) = Sources(ext4);
        InitrdBytes copied = Assemble(basePath, payload, ext4.PathOf("other"));
        Assert.Contains("cannot share extents", copied.Segments[^1].NotShared, StringComparison.Ordinal);
        Assert.True(File.ReadAllBytes(ext4.PathOf("other")).AsSpan().SequenceEqual(File.ReadAllBytes(ext4.PathOf("initrd"))));
    }

    [Fact]
    public void A_full_disk_is_told_and_nothing_is_left()
    {
        using LoopFileSystem xfs = new("xfs", "300M", "-m", "reflink=1");
        using LoopFileSystem full = new("ext4", "4M");
        (string basePath, string payload) = Sources(xfs);
        File.WriteAllText(full.PathOf("initrd"), "old");
        UserError error = Assert.Throws<UserError>(() => Assemble(basePath, payload, full.PathOf("initrd")));
        Assert.Contains("no room", error.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(full.PathOf("initrd")));
        Assert.Equal(["initrd", "lost+found"], Directory.EnumerateFileSystemEntries(full.Path).Select(Path.GetFileName).Order());
    }

    private static (string Base, string Payload) Sources(LoopFileSystem place)
    {
        string payload = place.PathOf("payload");
        byte[] bytes = new byte[PayloadBytes];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(payload, bytes);
        string basePath = place.PathOf("base");
        // Any initrd will do; its length is no multiple of a block.
        InitrdAssembler.Assemble([PayloadSegment.Of(payload)], basePath);
        Host.Run("sync", "-f", place.Path);
        return (basePath, payload);
    }

    private static InitrdBytes Assemble(string basePath, string payload, string output) =>
        InitrdAssembler.Assemble(
            [
                InitrdSegment.OfFile(SegmentKind.Base, basePath),
                PlanSegment.Of(new BootPlan { Form = Form.Squashfs }),
                PayloadSegment.Of(payload),
            ],
            output,
            cancellation: TestContext.Current.CancellationToken
        );

    private static void AssertContents(string initrd, string payload)
    {
        string root = initrd + ".root";
        InitramfsContents.Extract(initrd, root, cancellation: TestContext.Current.CancellationToken);
        Host.Run("cmp", root + InitramfsPaths.Payload, payload);
        Directory.Delete(root, recursive: true);
    }
}
