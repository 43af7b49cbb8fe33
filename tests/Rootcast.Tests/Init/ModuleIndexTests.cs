using Rootcast.Init.Devices;

namespace Rootcast.Tests;

public sealed class ModuleIndexTests
{
    private static readonly ModuleIndex Index = new(
        """
        kernel/drivers/virtio/virtio_pci.ko: kernel/drivers/virtio/virtio.ko kernel/drivers/virtio/virtio_ring.ko
        kernel/drivers/virtio/virtio.ko.xz:
        kernel/lib/crc-itu-t.ko.zst:
        """,
        """
        # Aliases extracted from modules themselves.
        alias virtio:d00000002v* virtio_blk
        alias pci:v00001AF4d*sv*sd*bc*sc*i* virtio-pci
        alias fs-squashfs squashfs
        """,
        "softdep btrfs pre: crc32c xxhash-generic post: zstd\n",
        "kernel/fs/ext4/ext4.ko\n"
    );

    [Fact]
    public void A_modules_files_come_with_what_it_needs() =>
        Assert.Equal(
            ["kernel/drivers/virtio/virtio_pci.ko", "kernel/drivers/virtio/virtio.ko", "kernel/drivers/virtio/virtio_ring.ko"],
            Index.FilesOf("virtio-pci")
        );

    [Fact]
    public void Hyphens_and_endings_do_not_matter() => Assert.Equal(["kernel/lib/crc-itu-t.ko.zst"], Index.FilesOf("crc_itu_t"));

    [Fact]
    public void A_device_finds_its_module()
    {
        Assert.Equal(["virtio_pci"], Index.ModulesFor("pci:v00001AF4d00001042sv00001AF4sd00001100bc01sc00i00"));
        Assert.Equal(["virtio_blk"], Index.ModulesFor("virtio:d00000002v00001AF4"));
        Assert.Empty(Index.ModulesFor("usb:v1"));
        Assert.Empty(Index.ModulesFor(""));
    }

    [Fact]
    public void Soft_dependencies_before_a_module_are_known_and_those_after_it_are_not() =>
        Assert.Equal(["crc32c", "xxhash_generic"], Index.WantedBefore("btrfs"));

    [Fact]
    public void A_builtin_module_is_not_missing()
    {
        Assert.True(Index.IsBuiltin("ext4"));
        Assert.Null(Index.FilesOf("ext4"));
        Assert.False(Index.IsBuiltin("xfs"));
    }
}
