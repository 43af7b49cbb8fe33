namespace Rootcast.Images.Recipes;

/// <summary>An image that another tool has made: an ISO, a file system, a disk, an initrd, a tar. What it is shows by its content.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Partition">Of a disk, the number of the partition with the system; null takes the one that has one.</param>
public sealed record MediaSource(string Path, int? Partition = null) : RecipeSource
{
    /// <inheritdoc/>
    public override string ToString() => Partition is null ? $"media {Path}" : $"media {Path} partition {Partition}";
}
