namespace Rootcast.Images.Recipes;

/// <summary>Where a tree comes from.</summary>
public abstract record RecipeSource
{
    /// <summary>Where the recipe says so.</summary>
    public RecipePlace Place { get; init; } = RecipePlace.None;

    /// <summary>In one line, for people: <c>debian bookworm</c>.</summary>
    public abstract override string ToString();
}
