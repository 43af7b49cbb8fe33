namespace Rootcast.Images.Recipes;

/// <summary>A directory of this host that holds a tree.</summary>
/// <param name="Path">Its absolute path.</param>
public sealed record DirectorySource(string Path) : RecipeSource
{
    /// <inheritdoc/>
    public override string ToString() => $"directory {Path}";
}
