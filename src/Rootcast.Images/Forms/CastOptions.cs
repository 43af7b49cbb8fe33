namespace Rootcast.Images.Forms;

/// <summary>What a recipe may say about the forms.</summary>
public sealed record CastOptions
{
    /// <summary>Size of the file system of form <c>ramdisk</c> in bytes; null for the tree, a quarter of it, and 256 MiB.</summary>
    public long? RamdiskBytes { get; init; }

    /// <summary>Time stamp of what has none of its own, in seconds since 1970: SOURCE_DATE_EPOCH, else 0.</summary>
    public uint Epoch { get; init; }
}
