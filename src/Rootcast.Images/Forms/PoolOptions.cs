namespace Rootcast.Images.Forms;

/// <summary>What a recipe may say about forms <c>zfs</c> and <c>zfs-fuse</c>.</summary>
public sealed record PoolOptions
{
    /// <summary>How a file system of it may be compressed; what pools of version 23 know.</summary>
    public static IReadOnlyList<string> Compressors { get; } = ["on", "off", "lzjb", "zle", "gzip"];

    /// <summary>The pool's name.</summary>
    public string Name { get; init; } = "rpool";

    /// <summary>How its disks are put together.</summary>
    public PoolLayout Layout { get; init; } = PoolLayout.Single;

    /// <summary>How many disks it has, all of one size.</summary>
    public int Disks { get; init; } = 1;

    /// <summary>Size of each of its disks in bytes before it is written to one and fills that; null for what the tree needs with a quarter more, and 256 MiB.</summary>
    public long? Bytes { get; init; }

    /// <summary>One of <see cref="Compressors"/>.</summary>
    public string Compression { get; init; } = "on";

    /// <summary>The file system that is the root, below the pool: <c>root</c>, <c>ROOT/debian</c>. It becomes the pool's <c>bootfs</c>.</summary>
    public string Root { get; init; } = "root";

    /// <summary>Further properties of the pool's file systems, in the recipe's order: <c>copies</c>, <c>2</c>.</summary>
    public IReadOnlyList<(string Name, string Value)> Properties { get; init; } = [];

    /// <summary>Directories of the tree that are file systems of their own.</summary>
    public IReadOnlyList<string> Datasets { get; init; } = [];

    /// <summary>All of it in one line.</summary>
    public override string ToString() =>
        $"{Name} {PoolLayouts.NameOf(Layout)} {Disks} {Bytes} {Compression} {Root} {string.Join(' ', Properties.Select(property => $"{property.Name}={property.Value}"))} {string.Join(' ', Datasets)}";
}
