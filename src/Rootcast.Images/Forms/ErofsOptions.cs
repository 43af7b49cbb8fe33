namespace Rootcast.Images.Forms;

/// <summary>What a recipe may say about form <c>erofs</c>. What it leaves open is chosen by <see cref="ErofsFeatures"/>.</summary>
public sealed record ErofsOptions
{
    /// <summary>The smallest physical cluster, in bytes.</summary>
    public const int SmallestCluster = 4096;

    /// <summary>The largest physical cluster, in bytes.</summary>
    public const int LargestCluster = 1 << 20;

    /// <summary>The compressors with the highest level of each, and the first kernel that reads them (fs/erofs in Linux).</summary>
    public static IReadOnlyDictionary<string, (int HighestLevel, Version Kernel)> Compressors { get; } =
        new Dictionary<string, (int HighestLevel, Version Kernel)>(StringComparer.Ordinal)
        {
            ["lz4"] = (0, new Version(5, 4)),
            ["lz4hc"] = (12, new Version(5, 4)),
            ["lzma"] = (109, new Version(5, 16)),
            ["deflate"] = (9, new Version(6, 6)),
            ["zstd"] = (22, new Version(6, 10)),
        };

    /// <summary>One of <see cref="Compressors"/>. lz4hc is read fastest, and every kernel with EROFS has it.</summary>
    public string Compressor { get; init; } = "lz4hc";

    /// <summary>The compressor's level; null for its default.</summary>
    public int? Level { get; init; }

    /// <summary>Bytes of the largest physical cluster, a power of two; null for 64 KiB where the kernel reads such, else 4 KiB.</summary>
    public int? ClusterBytes { get; init; }

    /// <summary>Path of another mkfs.erofs than the host's; null for that.</summary>
    public string? Program { get; init; }
}
