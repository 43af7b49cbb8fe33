namespace Rootcast.Images.Forms;

/// <summary>What a recipe may say about form <c>squashfs</c>. The kernel must have the compressor: Debian's have all of them.</summary>
public sealed record SquashfsOptions
{
    /// <summary>The smallest block, in bytes.</summary>
    public const int SmallestBlock = 4096;

    /// <summary>The largest block, in bytes.</summary>
    public const int LargestBlock = 1 << 20;

    /// <summary>What compresses, and the lowest and highest level that <c>mksquashfs</c> takes for it; null where it takes none.</summary>
    public static IReadOnlyDictionary<string, (int Lowest, int Highest)?> Compressors { get; } =
        new Dictionary<string, (int Lowest, int Highest)?>(StringComparer.Ordinal)
        {
            ["gzip"] = (1, 9),
            ["lz4"] = null,
            ["lzo"] = (1, 9),
            ["xz"] = null,
            ["zstd"] = (1, 22),
        };

    /// <summary>One of <see cref="Compressors"/>.</summary>
    public string Compressor { get; init; } = "zstd";

    // zstd at its default in squashfs (15): 73.7 MB in 23 s of two cores for a Debian tree of 241 MB; level 9 takes 4.4 s for 78.1.
    /// <summary>The compressor's level; null for its default.</summary>
    public int? Level { get; init; }

    /// <summary>Bytes of a block before it is compressed: a power of two.</summary>
    public int BlockBytes { get; init; } = 128 << 10;

    /// <summary>As <c>mksquashfs</c> takes them.</summary>
    internal IReadOnlyList<string> Arguments
    {
        get
        {
            List<string> arguments = ["-comp", Compressor];
            if (Level is { } level)
            {
                arguments.AddRange(["-Xcompression-level", Text(level)]);
            }
            if (Compressor == "lz4")
            {
                arguments.Add("-Xhc");
            }
            arguments.AddRange(["-b", Text(BlockBytes)]);
            return arguments;
        }
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
