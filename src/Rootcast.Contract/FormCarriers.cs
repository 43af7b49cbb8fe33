namespace Rootcast.Contract;

/// <summary>Which carriers can bring which form. docs/forms.md shows the same table.</summary>
public static class FormCarriers
{
    /// <summary>Why a carrier cannot bring a form, in words that follow "because"; null when it can.</summary>
    public static string? WhyNot(Form form, Carrier carrier) =>
        (form, carrier) switch
        {
            (Form.Disk or Form.Zfs or Form.ZfsFuse, not Carrier.Disk) =>
                "it is mounted where it lies and keeps what is written; a disk image in memory is form ramdisk",
            (Form.Initramfs, not Carrier.Initrd) => "the kernel unpacks it with the initrd",
            _ => null,
        };

    /// <summary>Whether a form is on a disk that it owns: what is written to it stays there.</summary>
    public static bool IsInPlace(Form form) => form == Form.Disk || IsPool(form);

    /// <summary>Whether a form is a ZFS pool: on as many disks as it likes, and found by what is on them.</summary>
    public static bool IsPool(Form form) => form is Form.Zfs or Form.ZfsFuse;

    /// <summary>Whether the carrier can.</summary>
    public static bool Fit(Form form, Carrier carrier) => WhyNot(form, carrier) is null;
}
