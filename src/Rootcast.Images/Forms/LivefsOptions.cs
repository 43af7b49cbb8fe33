namespace Rootcast.Images.Forms;

/// <summary>What a recipe may say about form <c>livefs</c>.</summary>
public sealed record LivefsOptions
{
    /// <summary>Which of <see cref="DiskFileSystem"/> can be it.</summary>
    public static IReadOnlyList<string> FileSystems { get; } =
    [DiskOptions.NameOf(DiskFileSystem.Ext4), DiskOptions.NameOf(DiskFileSystem.Btrfs)];

    /// <summary>The file system of the image.</summary>
    public DiskFileSystem FileSystem { get; init; }

    /// <summary>Size of the file system in bytes, which bounds what can be written to the root; null for the tree, a quarter of it, and 2 GiB.</summary>
    public long? Bytes { get; init; }

    /// <summary>How the squashfs around it is compressed.</summary>
    public SquashfsOptions Squashfs { get; init; } = new();
}
