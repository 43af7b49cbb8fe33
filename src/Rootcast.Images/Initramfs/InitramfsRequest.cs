using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Images.Recipes;
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

    /// <summary>Names of <see cref="ModuleSet"/>s. <see cref="ModuleSet.Root"/> is always there.</summary>
    public IReadOnlyList<string> Sets { get; init; } = ModuleSet.Default;

    /// <summary>Further modules by name; every kernel must have them. Init loads them before it looks for devices.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

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

    /// <summary>How the archive is compressed: none, gzip, xz, lz4 (legacy) or zstd.</summary>
    public InitrdCompression Compression { get; init; } = InitrdCompression.Zstd;

    /// <summary>Time of every entry, in seconds since 1970.</summary>
    public uint Epoch { get; init; }
}
