namespace Rootcast.Images.Forms;

/// <summary>What a recipe may say about form <c>zram</c>.</summary>
public sealed record ZramOptions
{
    /// <summary>What <see cref="FileSystem"/> may be.</summary>
    public static IReadOnlyList<string> FileSystems { get; } = ["ext4", "btrfs"];

    /// <summary>What <see cref="Compressor"/> may be, as zram names them.</summary>
    public static IReadOnlyList<string> Compressors { get; } = ["zstd", "lz4", "lz4hc", "lzo", "lzo-rle"];

    /// <summary>The file system on the device.</summary>
    public string FileSystem { get; init; } = "ext4";

    /// <summary>What compresses.</summary>
    public string Compressor { get; init; } = "zstd";

    /// <summary>Size of the file system in bytes; null for the tree, a quarter of it, and 256 MiB.</summary>
    public long? Bytes { get; init; }
}
