using Rootcast.Contract;
using Rootcast.Images.Disks;

namespace Rootcast.Tests;

public class DiskLayoutTests
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public void TheRootOfFormDiskGetsAllTheRest()
    {
        DiskLayout layout = DiskLayout.Of("/dev/x", (4096 * Mebibyte) + 12345, 512, 20 * Mebibyte, 600 * Mebibyte, Form.Disk);
        Assert.Equal((Mebibyte, Mebibyte), (layout.Bios.Offset, layout.Bios.Length));
        Assert.Equal((2 * Mebibyte, 64 * Mebibyte), (layout.Esp.Offset, layout.Esp.Length));
        Assert.Equal((66 * Mebibyte, 4095 * Mebibyte), (layout.Root.Offset, layout.Root.End));
    }

    [Fact]
    public void AnotherRootGetsWhatItNeeds()
    {
        DiskLayout layout = DiskLayout.Of("/dev/x", 4096 * Mebibyte, 4096, 200 * Mebibyte, (70 * Mebibyte) + 1, Form.Squashfs);
        Assert.Equal(400 * Mebibyte, layout.Esp.Length);
        Assert.Equal(71 * Mebibyte, layout.Root.Length);
        Assert.NotEqual(layout.Root.Uuid, DiskLayout.Of("/dev/x", 4096 * Mebibyte, 4096, 0, 0, Form.Squashfs).Root.Uuid);
    }

    [Fact]
    public void TheTableIsAsSfdiskReadsIt()
    {
        DiskLayout layout = DiskLayout.Of("/dev/x", 1024 * Mebibyte, 512, Mebibyte, 100 * Mebibyte, Form.Disk);
        string[] lines = layout.SfdiskScript().Split('\n');
        Assert.Equal(["label: gpt", $"label-id: {layout.DiskUuid}", "unit: sectors"], lines[..3]);
        Assert.Equal(
            $"2 : start=4096, size=131072, type=c12a7328-f81f-11d2-ba4b-00a0c93ec93b, uuid={layout.Esp.Uuid}, name=\"EFI system\"",
            lines[4]
        );
    }

    [Fact]
    public void ADiskThatIsTooSmallByAByteIsToldWithBothNumbers()
    {
        long least = DiskLayout.LeastBytes(512, Mebibyte, 100 * Mebibyte);
        Assert.Equal(100 * Mebibyte, DiskLayout.Of("/dev/x", least, 512, Mebibyte, 100 * Mebibyte, Form.Disk).Root.Length);
        UserError error = Assert.Throws<UserError>(() => DiskLayout.Of("/dev/x", least - 1, 512, Mebibyte, 100 * Mebibyte, Form.Disk));
        Assert.Equal("/dev/x is too small: it has 175 MB, the image needs 175 MB (105 MB of them for the root)", error.Message);
    }
}
