using Rootcast.Contract;

namespace Rootcast.Images.Recipes;

/// <summary>A mapping of a recipe whose keys are known: reads values by their type, and refuses what does not belong.</summary>
internal sealed class RecipeMapping
{
    private readonly RecipeNode node;
    private readonly string path;

    /// <summary>Checks that the node is a mapping without unknown keys.</summary>
    /// <param name="node">The node.</param>
    /// <param name="path">As <see cref="RecipeKeys"/> names it.</param>
    internal RecipeMapping(RecipeNode node, string path)
    {
        this.node = node;
        this.path = path;
        IReadOnlyList<string> known = RecipeKeys.Of(path);
        if (node.Kind != RecipeNodeKind.Mapping)
        {
            throw Expected(node, path.Length > 0 ? path : "a recipe", "a mapping", $"It has the keys {string.Join(", ", known)}.");
        }
        foreach (RecipeText key in node.Keys)
        {
            if (!known.Contains(key.Value, StringComparer.Ordinal))
            {
                string where = path.Length > 0 ? $"in {path}" : "in a recipe";
                throw RecipeError.At(
                    key.Place,
                    $"there is no key '{RecipeError.Show(key.Value)}' {where}",
                    NearestName.Of(key.Value, known) is { } nearest
                        ? $"Did you mean '{nearest}'?"
                        : $"Known are {string.Join(", ", known)}."
                );
            }
        }
    }

    internal RecipePlace Place => node.Place;

    internal bool Has(string key) => node.Find(key) is not null;

    internal RecipePlace PlaceOf(string key) => node.Find(key)?.Place ?? node.Place;

    internal RecipeNode? Find(string key) => node.Find(key);

    internal RecipeNode Need(string key, string hint) =>
        node.Find(key) ?? throw RecipeError.At(node.Place, $"{(path.Length > 0 ? path : "the recipe")} has no '{key}'", hint);

    internal RecipeText NeedText(string key, string hint) => TextOf(Need(key, hint), Name(key));

    internal RecipeText? FindText(string key) => node.Find(key) is { } value ? TextOf(value, Name(key)) : null;

    internal bool Flag(string key)
    {
        if (node.Find(key) is not { } value)
        {
            return false;
        }
        return value switch
        {
            { Kind: RecipeNodeKind.Text, Text: "true" } => true,
            { Kind: RecipeNodeKind.Text, Text: "false" } => false,
            _ => throw Expected(value, Name(key), "true or false", "Write true or false."),
        };
    }

    internal IReadOnlyList<RecipeNode> List(string key)
    {
        if (node.Find(key) is not { } value)
        {
            return [];
        }
        return value.Kind == RecipeNodeKind.List
            ? value.Items
            : throw Expected(value, Name(key), "a list", $"Write  {key}: [a, b]  or one item a line, each after '- '.");
    }

    internal IReadOnlyList<RecipeText> Texts(string key) => [.. List(key).Select(item => TextOf(item, $"an item of {Name(key)}"))];

    internal static RecipeText TextOf(RecipeNode value, string name) =>
        value.Kind == RecipeNodeKind.Text && !value.IsNothing && value.Text.Length > 0
            ? new RecipeText(value.Text, value.Place)
            : throw Expected(value, name, "a text", "Give it a value, or leave the key out.");

    internal static UserError Expected(RecipeNode value, string name, string expected, string hint) =>
        RecipeError.At(value.Place, $"{name} is {expected}, and here is {value.KindInWords}", hint);

    private string Name(string key) => path.Length > 0 ? $"{path}.{key}" : key;
}
