using Rootcast.Images.Tools;

namespace Rootcast.Images.Loaders;

/// <summary>GRUB as programs that firmware starts, each with every module in it that it needs, so that none is looked for on the medium.</summary>
internal static class GrubPrograms
{
    /// <summary>Where grub.cfg is on every medium.</summary>
    public const string ConfigPath = "/boot/grub/grub.cfg";

    private const string Prefix = "/boot/grub";
    private const string BiosDirectory = "/usr/lib/grub/i386-pc";
    private const string EfiDirectory = "/usr/lib/grub/x86_64-efi";

    private static readonly string[] Modules =
    [
        "normal",
        "configfile",
        "linux",
        "gzio",
        "part_gpt",
        "part_msdos",
        "iso9660",
        "fat",
        "search",
        "search_label",
        "all_video",
        "serial",
        "terminal",
        "echo",
        "test",
        "ls",
        "cat",
        "sleep",
        "reboot",
        "halt",
    ];

    /// <summary>What is called.</summary>
    public static IReadOnlyList<string> Tools { get; } = ["grub-mkimage"];

    /// <summary>Files of GRUB's packages that are read.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [BiosFile("boot.img"), BiosFile("boot_hybrid.img"), BiosFile("cdboot.img"), BiosFile("kernel.img"), $"{EfiDirectory}/kernel.img"];

    /// <summary>A file of GRUB for BIOS.</summary>
    public static string BiosFile(string name) => $"{BiosDirectory}/{name}";

    /// <summary>For a BIOS that boots from a disk: what boot.img loads. It reads <see cref="ConfigPath"/> on a partition of that disk.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="partition">GRUB's name of the partition: <c>gpt2</c>.</param>
    /// <param name="cancellation">Ends grub-mkimage.</param>
    public static Task MakeBiosDiskAsync(string path, string partition, CancellationToken cancellation) =>
        MakeAsync("i386-pc", BiosDirectory, path, $"(,{partition}){Prefix}", ["biosdisk"], cancellation);

    /// <summary>For a BIOS that boots from a CD, or from a disk that holds the ISO.</summary>
    public static Task MakeBiosIsoAsync(string path, CancellationToken cancellation) =>
        MakeAsync("i386-pc-eltorito", BiosDirectory, path, Prefix, ["biosdisk"], cancellation);

    /// <summary>For UEFI.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="earlyConfig">A file with commands that find the medium when that is not the file system from which the firmware started
    /// it; else null.</param>
    /// <param name="cancellation">Ends grub-mkimage.</param>
    public static Task MakeEfiAsync(string path, string? earlyConfig, CancellationToken cancellation)
    {
        string[] further = ["efi_gop", "efi_uga", .. earlyConfig is null ? [] : (string[])["-c", earlyConfig]];
        return MakeAsync("x86_64-efi", EfiDirectory, path, Prefix, further, cancellation);
    }

    /// <summary>What a GRUB must do first that was started from elsewhere: find the medium by its label.</summary>
    public static string EarlyConfig(string label) => $"search --no-floppy --set=root --label {label}\nset prefix=($root){Prefix}\n";

    private static Task<ToolResult> MakeAsync(
        string format,
        string directory,
        string path,
        string prefix,
        string[] further,
        CancellationToken cancellation
    ) => new Tool("grub-mkimage", ["-O", format, "-d", directory, "-p", prefix, "-o", path, .. Modules, .. further]).RunAsync(cancellation);
}
