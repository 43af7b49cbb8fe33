namespace Rootcast.Lab.Machines;

/// <summary>How a disk is attached, which decides the driver that the guest needs.</summary>
public enum DiskBus
{
    /// <summary>virtio_blk, /dev/vda.</summary>
    Virtio,

    /// <summary>AHCI, /dev/sda.</summary>
    Sata,

    /// <summary>NVMe, /dev/nvme0n1.</summary>
    Nvme,

    /// <summary>USB mass storage on XHCI, /dev/sda.</summary>
    Usb,

    /// <summary>A CD in an AHCI drive, /dev/sr0.</summary>
    Cd,
}
