namespace Rootcast.Images.Recipes;

/// <summary>A place in a recipe, so that errors found later can point at it.</summary>
/// <param name="File">The recipe, as the user named it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public readonly record struct RecipePlace(string File, int Line, int Column)
{
    /// <summary>For recipes that no file holds.</summary>
    public static RecipePlace None { get; } = new("recipe", 1, 1);

    /// <summary>As compilers print it: <c>FILE:LINE:COLUMN</c>.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
