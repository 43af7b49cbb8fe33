namespace Rootcast.Images.Forms;

/// <summary>What a recipe may say about form <c>disk</c>.</summary>
public sealed record DiskOptions
{
    /// <summary>Their names in recipes, in the order of <see cref="DiskFileSystem"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["ext4", "xfs", "btrfs"];

    /// <summary>Which file system.</summary>
    public DiskFileSystem FileSystem { get; init; }

    /// <summary>Its size in bytes before it is written to a disk and fills that; null for the tree, a quarter of it, and 256 MiB.</summary>
    public long? Bytes { get; init; }

    /// <summary>The name of a file system in recipes, and for mount(2).</summary>
    public static string NameOf(DiskFileSystem fileSystem) => Names[(int)fileSystem];
}
