namespace Rootcast.Images.Initramfs;

/// <summary>A named choice of kernel modules. A kernel need not have all of them.</summary>
/// <param name="Name">How recipes call it.</param>
/// <param name="Purpose">Why one would want it, for people.</param>
/// <param name="Modules">Names of modules.</param>
/// <param name="Directories">Directories below <c>kernel/</c> of which every module is taken.</param>
public sealed record ModuleSet(string Name, string Purpose, IReadOnlyList<string> Modules, IReadOnlyList<string> Directories)
{
    /// <summary>What the forms and their file systems may need. Always packed.</summary>
    public static ModuleSet Root { get; } =
        new(
            "root",
            "file systems that hold roots and artefacts",
            // nls_*: vfat cannot be mounted without its default code page and character set.
            ["squashfs", "overlay", "loop", "ext4", "isofs", "vfat", "nls_cp437", "nls_iso8859-1", "nls_ascii", "nls_utf8"],
            []
        );

    /// <summary>The sets that a recipe can name.</summary>
    public static IReadOnlyList<ModuleSet> Known { get; } =
    [
        new(
            "virtual",
            "disks, links and ports of virtual machines",
            [
                "virtio_pci",
                "virtio_mmio",
                "virtio_blk",
                "virtio_scsi",
                "virtio_net",
                "virtio_console",
                "sd_mod",
                "sr_mod",
                "vmw_pvscsi",
                "vmxnet3",
                "hv_vmbus",
                "hv_storvsc",
                "hv_netvsc",
                "xen-blkfront",
                "xen-netfront",
            ],
            []
        ),
        new(
            "storage",
            "SATA, NVMe, SAS and MMC disks",
            [
                "ahci",
                "ata_piix",
                "ata_generic",
                "nvme",
                "sd_mod",
                "sr_mod",
                "mmc_block",
                "sdhci_pci",
                "sdhci_acpi",
                "megaraid_sas",
                "mpt3sas",
                "mpi3mr",
                "aacraid",
                "hpsa",
                "smartpqi",
                "vmd",
            ],
            []
        ),
        new(
            "usb",
            "USB disks and keyboards",
            ["xhci_pci", "ehci_pci", "ohci_pci", "uhci_hcd", "usb_storage", "uas", "sd_mod", "usbhid", "hid_generic"],
            []
        ),
        new(
            "network",
            "every Ethernet card of the kernel",
            ["virtio_net", "vmxnet3", "hv_netvsc", "ena", "xen-netfront", "af_packet"],
            ["drivers/net/ethernet/", "drivers/net/phy/", "drivers/net/mdio/"]
        ),
    ];

    /// <summary>The names of all sets: what a recipe may name, and what is packed when it names none.</summary>
    public static IReadOnlyList<string> Default { get; } = [.. Known.Select(set => set.Name)];
}
