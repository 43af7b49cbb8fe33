namespace Rootcast.Contract;

/// <summary>The one spelling of each form and carrier: the names in recipes, boot plans, file names and on screen.</summary>
public static class Names
{
    private static readonly (Form Form, string Name)[] FormNames =
    [
        (Form.Tmpfs, "tmpfs"),
        (Form.Ramdisk, "ramdisk"),
        (Form.Livefs, "livefs"),
        (Form.Squashfs, "squashfs"),
        (Form.Erofs, "erofs"),
        (Form.Disk, "disk"),
        (Form.Zram, "zram"),
        (Form.Zfs, "zfs"),
        (Form.ZfsFuse, "zfs-fuse"),
        (Form.Initramfs, "initramfs"),
    ];

    private static readonly (Carrier Carrier, string Name)[] CarrierNames =
    [
        (Carrier.Initrd, "initrd"),
        (Carrier.Disk, "disk"),
        (Carrier.Http, "http"),
    ];

    /// <summary>Every form's name, in the order of the table in the design.</summary>
    public static IReadOnlyList<string> Forms { get; } = [.. FormNames.Select(pair => pair.Name)];

    /// <summary>Every carrier's name.</summary>
    public static IReadOnlyList<string> Carriers { get; } = [.. CarrierNames.Select(pair => pair.Name)];

    /// <summary>The name of a form.</summary>
    public static string Of(Form form) => Array.Find(FormNames, pair => pair.Form == form).Name;

    /// <summary>The name of a carrier.</summary>
    public static string Of(Carrier carrier) => Array.Find(CarrierNames, pair => pair.Carrier == carrier).Name;

    /// <summary>The form of that name, or null.</summary>
    public static Form? FormOf(string name)
    {
        int index = Array.FindIndex(FormNames, pair => string.Equals(pair.Name, name, StringComparison.Ordinal));
        return index < 0 ? null : FormNames[index].Form;
    }

    /// <summary>The carrier of that name, or null.</summary>
    public static Carrier? CarrierOf(string name)
    {
        int index = Array.FindIndex(CarrierNames, pair => string.Equals(pair.Name, name, StringComparison.Ordinal));
        return index < 0 ? null : CarrierNames[index].Carrier;
    }
}
