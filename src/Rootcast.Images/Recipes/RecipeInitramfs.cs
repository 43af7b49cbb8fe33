using Rootcast.Contract;
using Rootcast.Formats.Cpio;

namespace Rootcast.Images.Recipes;

/// <summary>What the initramfs gets beside what the forms need.</summary>
public sealed record RecipeInitramfs
{
    /// <summary>Names of sets of kernel modules; null takes the default ones.</summary>
    public IReadOnlyList<RecipeText>? Sets { get; init; }

    /// <summary>Further kernel modules by name.</summary>
    public IReadOnlyList<RecipeText> Modules { get; init; } = [];

    /// <summary>Whether the firmware that the modules ask for is packed.</summary>
    public bool Firmware { get; init; }

    /// <summary>Files of microcode, or <c>host</c> for those of this host's packages; empty for none.</summary>
    public IReadOnlyList<string> Microcode { get; init; } = [];

    /// <summary>Whether a busybox is packed, for <c>rootcast.rescue</c>.</summary>
    public bool Busybox { get; init; }

    /// <summary>How it is compressed: one of <see cref="Compressors"/>.</summary>
    public string Compress { get; init; } = "zstd";

    /// <summary>Further files of this host; programs bring their libraries.</summary>
    public IReadOnlyList<RecipeInitramfsFile> Files { get; init; } = [];

    /// <summary>What <see cref="Compress"/> may be.</summary>
    public static IReadOnlyList<string> Compressors { get; } = ["zstd", "none", "gzip", "xz", "lz4"];

    /// <summary>The compression of a name.</summary>
    /// <exception cref="UserError">There is none of that name.</exception>
    public static InitrdCompression CompressionOf(string name) =>
        name switch
        {
            "none" => InitrdCompression.None,
            "gzip" => InitrdCompression.Gzip,
            "xz" => InitrdCompression.Xz,
            "lz4" => InitrdCompression.Lz4Legacy,
            "zstd" => InitrdCompression.Zstd,
            _ => throw new UserError(
                $"There is no compression '{name}' for an initramfs.",
                $"Use one of {string.Join(", ", RecipeInitramfs.Compressors)}.",
                UserErrorKind.Input
            ),
        };
}
