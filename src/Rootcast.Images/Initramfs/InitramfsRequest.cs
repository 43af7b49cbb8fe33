using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Images.Recipes;
using Rootcast.Images.RootDaemons;
using Rootcast.Images.Sources;

namespace Rootcast.Images.Initramfs;

/// <summary>What is to be in an initramfs.</summary>
public sealed record InitramfsRequest
{
    /// <summary>The program that is <c>/init</c>.</summary>
    public required InitProgram Init { get; init; }

    /// <summary>The kernels; each has its modules under its own version.</summary>
    public required IReadOnlyList<KernelFiles> Kernels { get; init; }

    /// <summary>Forms whose modules must be there.</summary>
    public IReadOnlyList<Form> Forms { get; init; } = [];

    /// <summary>The empty file system of form <c>zram</c> and its type, which is also its module; null when the form is not among
    /// <see cref="Forms"/>.</summary>
    public (string Type, ReadOnlyMemory<byte> Archive)? ZramFileSystem { get; init; }

    /// <summary>Kernel arguments for every boot, see <see cref="InitramfsPaths.ImageArguments"/>.</summary>
    public KernelArguments ImageArguments { get; init; } = KernelArguments.Empty;

    /// <summary>Whether <see cref="ModuleSet.Root"/> is there.</summary>
    public bool RootSet { get; init; } = true;

    /// <summary>Names of <see cref="ModuleSet"/>s beside that.</summary>
    public IReadOnlyList<string> Sets { get; init; } = ModuleSet.Default;

    /// <summary>Further modules by name; every kernel must have them. Init loads them before it looks for devices.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>Further modules with the reason for each; what a kernel has not got is a note.</summary>
    public IReadOnlyList<(string Name, string Because)> Wanted { get; init; } = [];

    /// <summary>Devices (<c>pci:v00001AF4d…</c>) whose drivers are packed; a device without a driver is a note.</summary>
    public IReadOnlyList<string> Modaliases { get; init; } = [];

    /// <summary>Whether the firmware that the modules ask for is packed.</summary>
    public bool Firmware { get; init; }

    /// <summary>Where firmware is looked for, in order.</summary>
    public IReadOnlyList<string> FirmwareDirectories { get; init; } = ["/usr/lib/firmware", "/lib/firmware"];

    /// <summary>The static busybox to pack; null for none.</summary>
    public string? BusyboxPath { get; init; }

    /// <summary>Further files of this host; programs bring their libraries.</summary>
    public IReadOnlyList<RecipeInitramfsFile> Files { get; init; } = [];

    /// <summary>The root of the system whose programs and libraries are packed.</summary>
    public string Root { get; init; } = "/";

    /// <summary>Programs of that root, with what they need; each must be there.</summary>
    public IReadOnlyList<InitramfsReason> Programs { get; init; } = [];

    /// <summary>Further files of that root that are packed as they are, where they are there.</summary>
    public IReadOnlyList<InitramfsReason> Copies { get; init; } = [];

    /// <summary>Texts that become files.</summary>
    public IReadOnlyList<(InitramfsReason Reason, string Text)> Texts { get; init; } = [];

    /// <summary>What can serve the root instead of the kernel.</summary>
    public IReadOnlyList<PackedRootDaemon> RootDaemons { get; init; } = [];

    /// <summary>Whether that root's udev is packed: udevd, its rules, and the programs that they name.</summary>
    public bool Udev { get; init; }

    /// <summary>Whether the manifest is packed, for <c>initramfs why</c>.</summary>
    public bool PackManifest { get; init; }

    /// <summary>How the archive is compressed: none, gzip, xz, lz4 (legacy) or zstd.</summary>
    public InitrdCompression Compression { get; init; } = InitrdCompression.Zstd;

    /// <summary>Time of every entry, in seconds since 1970.</summary>
    public uint Epoch { get; init; }
}
