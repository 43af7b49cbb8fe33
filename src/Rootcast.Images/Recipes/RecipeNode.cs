namespace Rootcast.Images.Recipes;

/// <summary>A value of a recipe's YAML: a text, a list or a mapping.</summary>
internal sealed class RecipeNode
{
    private readonly Dictionary<string, RecipeNode> values = new(StringComparer.Ordinal);

    private RecipeNode(RecipeNodeKind kind, RecipePlace place, string text = "", bool isPlain = false)
    {
        Kind = kind;
        Place = place;
        Text = text;
        IsPlain = isPlain;
    }

    internal RecipeNodeKind Kind { get; }

    internal RecipePlace Place { get; }

    /// <summary>Of a text.</summary>
    internal string Text { get; }

    /// <summary>Whether a text stood without quotes: only then can it mean "nothing".</summary>
    internal bool IsPlain { get; }

    /// <summary>Of a list.</summary>
    internal List<RecipeNode> Items { get; } = [];

    /// <summary>Of a mapping, with their places and in their order.</summary>
    internal List<RecipeText> Keys { get; } = [];

    /// <summary>What a key without a value has.</summary>
    internal bool IsNothing => Kind == RecipeNodeKind.Text && IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";

    internal string KindInWords =>
        Kind switch
        {
            RecipeNodeKind.Text when IsNothing => "nothing",
            RecipeNodeKind.Text => $"the text '{RecipeError.Show(Text)}'",
            RecipeNodeKind.List => "a list",
            _ => "a mapping",
        };

    internal static RecipeNode OfText(RecipePlace place, string text, bool isPlain) => new(RecipeNodeKind.Text, place, text, isPlain);

    internal static RecipeNode OfList(RecipePlace place) => new(RecipeNodeKind.List, place);

    internal static RecipeNode OfMapping(RecipePlace place) => new(RecipeNodeKind.Mapping, place);

    /// <summary>The value of a key of a mapping, or null.</summary>
    internal RecipeNode? Find(string key) => values.GetValueOrDefault(key);

    /// <summary>Adds to a mapping.</summary>
    internal void Add(RecipeText key, RecipeNode value)
    {
        if (!values.TryAdd(key.Value, value))
        {
            RecipePlace first = Keys.First(known => known.Value == key.Value).Place;
            throw RecipeError.At(
                key.Place,
                $"the key '{RecipeError.Show(key.Value)}' stands here a second time; the first is in line {first.Line}",
                "Keep one of the two."
            );
        }
        Keys.Add(key);
    }
}
