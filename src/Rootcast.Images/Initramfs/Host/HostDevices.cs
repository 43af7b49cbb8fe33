namespace Rootcast.Images.Initramfs;

/// <summary>The devices of a machine that a boot may need, by their modaliases: disks and what they hang on, input, wired network. Screens, sound and the like are
/// left to the system.</summary>
internal static class HostDevices
{
    private const string Buses = "/sys/bus";

    private static readonly string[] WholeBuses =
    [
        "virtio",
        "vmbus",
        "xen",
        "scsi",
        "ata",
        "mmc",
        "sdio",
        "hid",
        "serio",
        "nvme-subsystem",
        "mdio_bus",
    ];

    /// <summary>All of them, sorted.</summary>
    public static IReadOnlyList<string> Modaliases(SysTree sys)
    {
        SortedSet<string> found = new(StringComparer.Ordinal);
        foreach (string bus in sys.Names(Buses))
        {
            foreach (string device in sys.Names($"{Buses}/{bus}/devices"))
            {
                if (sys.Text($"{Buses}/{bus}/devices/{device}/modalias") is { Length: > 0 } modalias && IsForBoot(bus, modalias))
                {
                    found.Add(modalias);
                }
            }
        }
        return [.. found];
    }

    /// <summary>Whether a boot may need the device.</summary>
    public static bool IsForBoot(string bus, string modalias) =>
        bus switch
        {
            "pci" => IsForBoot(PciClass(modalias)),
            // Interfaces say what they are: mass storage, human input, hubs.
            "usb" => modalias.Contains("ic08", StringComparison.Ordinal)
                || modalias.Contains("ic03", StringComparison.Ordinal)
                || modalias.Contains("ic09", StringComparison.Ordinal),
            "platform" or "acpi" => modalias.Contains("virtio", StringComparison.Ordinal)
                || modalias.Contains("LNRO0005", StringComparison.Ordinal)
                || modalias.Contains("sdhci", StringComparison.Ordinal)
                || modalias.Contains("ahci", StringComparison.Ordinal)
                || modalias.Contains("ufs", StringComparison.OrdinalIgnoreCase),
            _ => WholeBuses.Contains(bus),
        };

    /// <summary>Storage, Ethernet, SD controllers, serial buses other than those for instruments; bridges such as Intel's VMD.</summary>
    private static bool IsForBoot(string pciClass) =>
        pciClass.StartsWith("01", StringComparison.Ordinal)
        || pciClass == "0200"
        || pciClass == "0805"
        || pciClass is "0c03" or "0c00"
        || pciClass == "0604";

    /// <summary>Class and subclass as four digits: <c>pci:v…bcCCscSSiII</c>.</summary>
    private static string PciClass(string modalias)
    {
        int at = modalias.LastIndexOf("bc", StringComparison.Ordinal);
        const int length = 8;
        return at > 0 && at + length <= modalias.Length && modalias[at + 4] == 's'
            ? $"{modalias.Substring(at + 2, 2)}{modalias.Substring(at + 6, 2)}".ToLowerInvariant()
            : "";
    }
}
