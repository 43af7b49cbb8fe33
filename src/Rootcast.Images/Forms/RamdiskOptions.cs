namespace Rootcast.Images.Forms;

/// <summary>What a recipe may say about form <c>ramdisk</c>.</summary>
public sealed record RamdiskOptions
{
    /// <summary>Size of the file system in bytes; null for the tree, a quarter of it, and 256 MiB.</summary>
    public long? Bytes { get; init; }
}
