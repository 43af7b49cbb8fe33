namespace Rootcast.Server.Nodes;

/// <summary>A label of a node: <c>rack=3</c>.</summary>
public static class NodeLabel
{
    /// <summary>How many a node can have.</summary>
    public const int Most = 64;

    private const int Longest = 63;
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";

    /// <summary>Reads <c>NAME=VALUE</c>: 1 to 63 letters, digits and <c>-_./</c> each; the value may be empty.</summary>
    /// <param name="text">The label.</param>
    /// <param name="allowStar">Whether the value may end in <c>*</c>.</param>
    /// <param name="name">What stands before the equals sign.</param>
    /// <param name="value">What stands behind it.</param>
    public static bool TryParse(string text, bool allowStar, out string name, out string value)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        name = equals < 0 ? text : text[..equals];
        value = equals < 0 ? "" : text[(equals + 1)..];
        string plain = allowStar && value.EndsWith('*') ? value[..^1] : value;
        return equals > 0 && IsWord(name) && plain.Length <= Longest && !plain.AsSpan().ContainsAnyExcept(Letters);
    }

    /// <summary>Whether a text can name a label.</summary>
    public static bool IsWord(string text) => text.Length is > 0 and <= Longest && !text.AsSpan().ContainsAnyExcept(Letters);
}
