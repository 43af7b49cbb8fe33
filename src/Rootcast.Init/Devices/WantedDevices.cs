using Rootcast.Contract;

namespace Rootcast.Init.Devices;

/// <summary>Which devices a boot needs, told from their modaliases. A module that nobody needs yet costs time; the tree's own udev loads it
/// a second later anyway.</summary>
public static class WantedDevices
{
    /// <summary>Whether the boot needs the device.</summary>
    /// <param name="plan">The carrier decides; an overlay on a device needs disks beside what the carrier does.</param>
    /// <param name="modalias">Of the device.</param>
    public static bool Needs(BootPlan plan, string modalias)
    {
        bool disks = plan.Carrier == Carrier.Disk || plan.OverlayDevice is not null;
        bool network = plan.NeedsNetwork;
        // The payload is here: only the lab's port may be missing.
        return IsVirtioPort(modalias) || ((disks || network) && (disks || !IsDisk(modalias)) && (network || !IsNetwork(modalias)));
    }

    private static bool IsDisk(string modalias) =>
        IsPciClass(modalias, "01") || modalias.StartsWith("virtio:d00000002", StringComparison.Ordinal);

    private static bool IsNetwork(string modalias) =>
        IsPciClass(modalias, "02") || modalias.StartsWith("virtio:d00000001", StringComparison.Ordinal);

    /// <summary>virtio-serial, and the PCI or memory-mapped device below it. Transitional PCI devices say by their number which device they
    /// are (0x1003 is the console), and modern ones too (0x1043).</summary>
    private static bool IsVirtioPort(string modalias) =>
        modalias.StartsWith("virtio:d00000003", StringComparison.Ordinal)
        || modalias.StartsWith("pci:v00001AF4d00001003", StringComparison.Ordinal)
        || modalias.StartsWith("pci:v00001AF4d00001043", StringComparison.Ordinal)
        || modalias.Contains("LNRO0005", StringComparison.Ordinal)
        || modalias.Contains("virtio,mmio", StringComparison.Ordinal);

    /// <summary><c>pci:v…d…sv…sd…bcCCscSSiII</c>: the base class stands after <c>bc</c>.</summary>
    private static bool IsPciClass(string modalias, string baseClass)
    {
        if (!modalias.StartsWith("pci:", StringComparison.Ordinal))
        {
            return false;
        }
        int at = modalias.IndexOf("bc", StringComparison.Ordinal);
        return at > 0 && at + 4 <= modalias.Length && modalias.AsSpan(at + 2, 2).SequenceEqual(baseClass);
    }
}
