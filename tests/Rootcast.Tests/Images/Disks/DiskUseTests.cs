using Rootcast.Images.Disks;

namespace Rootcast.Tests;

public sealed class DiskUseTests : IDisposable
{
    private const string Mounts = """
        22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
        40 22 0:35 / /srv/with\040blank rw - btrfs /dev/sdb1 rw
        """;
    private const string Swaps = "Filename Type Size Used Priority\n/dev/sdc1 partition 1 0 -2\n";
    private readonly TemporaryDirectory directory = new();

    public DiskUseTests()
    {
        directory.Write("class/block/sda/dev", "8:0\n");
        directory.Write("class/block/sda/sda2/dev", "8:2\n");
        directory.Write("class/block/sda/sda2/partition", "2\n");
        directory.Write("class/block/sdb/dev", "8:16\n");
        directory.Write("class/block/sdb/sdb1/dev", "8:17\n");
        directory.Write("class/block/sdb/sdb1/partition", "1\n");
        directory.Write("class/block/sdc/dev", "8:32\n");
        directory.Write("class/block/sdc/sdc1/partition", "1\n");
        directory.Write("class/block/sdd/dev", "8:48\n");
        directory.Write("class/block/sdd/holders/dm-0", "");
        directory.Write("class/block/dm-0/dm/name", "vg-root\n");
        directory.Write("class/block/sde/dev", "8:64\n");
        directory.Write("block/loop0/loop/backing_file", "/srv/disk.img\n");
        directory.Write("block/loop1/size", "0\n");
    }

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("sda", "is in use: its partition /dev/sda2 is mounted on /")]
    [InlineData("sdb", "is in use: its partition /dev/sdb1 is mounted on /srv/with blank")]
    [InlineData("sdc", "is in use: its partition /dev/sdc1 is swap space")]
    [InlineData("sdd", "is in use: it is held by /dev/dm-0 (vg-root)")]
    [InlineData("sde", null)]
    public void EveryUseIsToldInWords(string device, string? words) =>
        Assert.Equal(words, DiskUse.Of(device, directory.Path, Mounts, Swaps));

    [Fact]
    public void AFileBehindALoopDeviceIsFound()
    {
        Assert.Equal("/dev/loop0", DiskUse.LoopOf("/srv/disk.img", directory.Path));
        Assert.Null(DiskUse.LoopOf("/srv/other.img", directory.Path));
    }
}
