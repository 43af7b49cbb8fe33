using Rootcast.Images.Initramfs;
using Rootcast.Images.Sources;

namespace Rootcast.Tests;

/// <summary>A kernel with a few modules, as depmod would index them; a module's file says its own name.</summary>
internal static class FakeKernel
{
    public static InitProgram Init { get; } = new("init program"u8.ToArray());

    public static KernelFiles Write(TemporaryDirectory directory, string version = "6.1-test")
    {
        string modules = $"{version}/modules";
        string[] names =
        [
            "fs/squashfs/squashfs.ko",
            "fs/overlayfs/overlay.ko",
            "drivers/block/loop.ko",
            "fs/ext4/ext4.ko.xz",
            "fs/jbd2/jbd2.ko",
            "lib/crc32c_intel.ko",
            "lib/crc32c_generic.ko",
            "drivers/virtio/virtio_pci.ko",
            "drivers/virtio/virtio_ring.ko",
            "drivers/virtio/virtio.ko",
            "drivers/net/ethernet/some/some-card.ko",
            "drivers/net/phy/phylib.ko",
            "drivers/net/phy/some_phy.ko",
        ];
        foreach (string name in names)
        {
            directory.Write($"{modules}/kernel/{name}", name);
        }
        directory.Write(
            $"{modules}/modules.dep",
            """
            kernel/fs/squashfs/squashfs.ko:
            kernel/fs/overlayfs/overlay.ko:
            kernel/drivers/block/loop.ko:
            kernel/fs/ext4/ext4.ko.xz: kernel/fs/jbd2/jbd2.ko
            kernel/fs/jbd2/jbd2.ko:
            kernel/lib/crc32c_intel.ko:
            kernel/lib/crc32c_generic.ko:
            kernel/drivers/virtio/virtio_pci.ko: kernel/drivers/virtio/virtio_ring.ko kernel/drivers/virtio/virtio.ko
            kernel/drivers/virtio/virtio_ring.ko: kernel/drivers/virtio/virtio.ko
            kernel/drivers/virtio/virtio.ko:
            kernel/drivers/net/ethernet/some/some-card.ko: kernel/drivers/net/phy/phylib.ko
            kernel/drivers/net/phy/phylib.ko:
            kernel/drivers/net/phy/some_phy.ko: kernel/drivers/net/phy/phylib.ko
            kernel/drivers/gone/gone.ko:

            """
        );
        directory.Write(
            $"{modules}/modules.alias",
            """
            alias crc32c crc32c_intel
            alias crc32c crc32c_generic
            alias pci:v00001AF4d*sv*sd*bc*sc*i* virtio_pci
            alias pci:v00001234d*sv*sd*bc*sc*i* some_card
            alias fs-ext4 ext4

            """
        );
        directory.Write($"{modules}/modules.softdep", "softdep ext4 pre: crc32c\nsoftdep some_card pre: some_phy\n");
        directory.Write($"{modules}/modules.builtin", "kernel/fs/isofs/isofs.ko\nkernel/drivers/scsi/sd_mod.ko\n");
        string image = directory.Write($"{version}/vmlinuz", "kernel " + version);
        return new KernelFiles(version, image, directory.File(modules));
    }
}
