namespace Rootcast.Images.Recipes;

/// <summary>A kernel to boot the tree with.</summary>
public abstract record RecipeKernel
{
    /// <summary>Where the recipe says so.</summary>
    public RecipePlace Place { get; init; } = RecipePlace.None;
}
