namespace Rootcast.Images.Recipes;

/// <summary>The kernel of the medium that the tree comes from, with the modules in the tree.</summary>
/// <param name="Image">Absolute path of its bzImage on this host, when that is not on the medium, as with an initrd; null looks on the medium.</param>
/// <param name="Version">As <c>uname -r</c> prints it; null takes the latest that has its modules in the tree.</param>
public sealed record MediaKernel(string? Image = null, string? Version = null) : RecipeKernel
{
    /// <inheritdoc/>
    public override string ToString() => Version is null ? "of the medium" : $"of the medium, {Version}";
}
