namespace Rootcast.Images.Recipes;

/// <summary>The kernel that runs on this host.</summary>
public sealed record HostKernel : RecipeKernel
{
    /// <inheritdoc/>
    public override string ToString() => "host";
}
