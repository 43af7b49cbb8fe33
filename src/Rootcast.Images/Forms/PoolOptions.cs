namespace Rootcast.Images.Forms;

/// <summary>What a recipe may say about form <c>zfs-fuse</c>.</summary>
public sealed record PoolOptions
{
    /// <summary>How a file system of it may be compressed; what zfs-fuse's pools know.</summary>
    public static IReadOnlyList<string> Compressors { get; } = ["on", "off", "lzjb", "zle", "gzip"];

    /// <summary>The pool's name.</summary>
    public string Name { get; init; } = "rpool";

    /// <summary>Size of its first disk in bytes before it is written to one and fills that; null for the tree, a quarter of it, and 256 MiB.</summary>
    public long? Bytes { get; init; }

    /// <summary>One of <see cref="Compressors"/>.</summary>
    public string Compression { get; init; } = "on";

    /// <summary>Directories of the tree that are file systems of their own.</summary>
    public IReadOnlyList<string> Datasets { get; init; } = [];

    /// <summary>All of it in one line.</summary>
    public override string ToString() => $"{Name} {Bytes} {Compression} {string.Join(' ', Datasets)}";
}
