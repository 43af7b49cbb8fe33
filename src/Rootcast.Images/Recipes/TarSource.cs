namespace Rootcast.Images.Recipes;

/// <summary>A tar archive that holds a tree: plain, or compressed by gzip, bzip2, xz, zstd or lz4.</summary>
/// <param name="Path">Its absolute path.</param>
public sealed record TarSource(string Path) : RecipeSource
{
    /// <inheritdoc/>
    public override string ToString() => $"tar {Path}";
}
