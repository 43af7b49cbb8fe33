namespace Rootcast.Images.Recipes;

/// <summary>A kernel out of files of this host.</summary>
/// <param name="Image">Absolute path of the bzImage.</param>
/// <param name="Modules">Absolute path of the directory with <c>modules.dep</c>.</param>
/// <param name="Version">As <c>uname -r</c> prints it.</param>
public sealed record FilesKernel(string Image, string Modules, string Version) : RecipeKernel
{
    /// <inheritdoc/>
    public override string ToString() => $"files {Image}";
}
