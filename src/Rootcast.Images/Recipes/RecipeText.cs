namespace Rootcast.Images.Recipes;

/// <summary>A text of a recipe and where it stands.</summary>
/// <param name="Value">The text.</param>
/// <param name="Place">Where it stands.</param>
public readonly record struct RecipeText(string Value, RecipePlace Place)
{
    /// <summary>A text that no file holds.</summary>
    public static RecipeText Of(string value) => new(value, RecipePlace.None);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
