namespace Rootcast.Server.Nodes;

/// <summary>
/// Which nodes an assignment is for: <c>*</c> for all, <c>NAME=VALUE</c> for those with that label, several with commas for those with all of them, or a node's
/// id. A value may end in <c>*</c>.
/// </summary>
public sealed record NodePattern
{
    private const int Longest = 256;
    private readonly string text;

    private NodePattern(string text) => this.text = text;

    /// <summary>All nodes.</summary>
    public static NodePattern All { get; } = new("*");

    /// <summary>How closely it names nodes: of two that match a node the higher counts. One node before labels, more labels before fewer.</summary>
    public int Closeness =>
        text == "*" ? 0
        : IsOfLabels ? Terms.Length
        : int.MaxValue;

    private bool IsOfLabels => text.Contains('=', StringComparison.Ordinal);

    private string[] Terms => text.Split(',');

    /// <summary>One node.</summary>
    /// <param name="node">Its id.</param>
    public static NodePattern One(string node) => new(node);

    /// <summary>Reads <c>*</c> or labels; null when it is neither, or a label is not understood.</summary>
    public static NodePattern? Parse(string text)
    {
        if (text == "*")
        {
            return All;
        }
        string[] terms = text.Split(',');
        return text.Length <= Longest && terms.All(term => NodeLabel.TryParse(term, allowStar: true, out _, out _))
            ? new NodePattern(string.Join(',', terms.Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal)))
            : null;
    }

    /// <summary>As it is kept in the state: what was read before, or a node's id.</summary>
    public static NodePattern OfState(string text) => new(text);

    /// <summary>Whether a node is one of them.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="labels">Its labels.</param>
    public bool Matches(string id, IReadOnlyDictionary<string, string> labels) =>
        text == "*" || (IsOfLabels ? Array.TrueForAll(Terms, term => MatchesLabel(term, labels)) : text == id);

    /// <inheritdoc/>
    public override string ToString() => text;

    private static bool MatchesLabel(string term, IReadOnlyDictionary<string, string> labels)
    {
        int equals = term.IndexOf('=', StringComparison.Ordinal);
        return labels.TryGetValue(term[..equals], out string? value)
            && (
                term.EndsWith('*')
                    ? value.AsSpan().StartsWith(term.AsSpan(equals + 1, term.Length - equals - 2), StringComparison.Ordinal)
                    : value == term[(equals + 1)..]
            );
    }
}
