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

    /// <summary>What zram before Linux 6.12 compresses by; later ones have it inside. Packed with form <c>zram</c>.</summary>
    public static ModuleSet ZramCompressors { get; } = new("zram", "compressors", [.. Forms.ZramOptions.Compressors], []);

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
        new("input", "keyboards", ["i8042", "atkbd", "usbhid", "hid_generic", "hyperv_keyboard"], []),
        new("roots", "file systems of installed systems", ["ext4", "xfs", "btrfs"], []),
        new(
            "nics",
            "common Ethernet cards",
            [
                "virtio_net",
                "e1000",
                "e1000e",
                "igb",
                "igc",
                "ixgbe",
                "i40e",
                "ice",
                "r8169",
                "tg3",
                "bnxt_en",
                "mlx4_en",
                "mlx5_core",
                "ena",
                "vmxnet3",
                "hv_netvsc",
                "af_packet",
            ],
            []
        ),
    ];

    /// <summary>The names of all sets that can be asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(set => set.Name)];

    /// <summary>What is packed when nobody names any: all that a machine without a disk may need.</summary>
    public static IReadOnlyList<string> Default { get; } = ["virtual", "storage", "usb", "network"];
}
