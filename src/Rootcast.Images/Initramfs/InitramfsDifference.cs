namespace Rootcast.Images.Initramfs;

/// <summary>A path that is not the same in two initrds.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Sign"><c>-</c> only in the first, <c>+</c> only in the second, <c>~</c> in both and different.</param>
/// <param name="How">What differs; null when one has it not.</param>
public sealed record InitramfsDifference(string Path, string Sign, string? How)
{
    /// <summary>Everything that is not the same, by path.</summary>
    public static IReadOnlyList<InitramfsDifference> Between(
        SortedDictionary<string, InitramfsFact> first,
        SortedDictionary<string, InitramfsFact> second
    )
    {
        List<InitramfsDifference> all = [];
        foreach (string path in first.Keys.Union(second.Keys).Order(StringComparer.Ordinal))
        {
            if (!second.TryGetValue(path, out InitramfsFact? there))
            {
                all.Add(new InitramfsDifference(path, "-", null));
            }
            else if (!first.TryGetValue(path, out InitramfsFact? here))
            {
                all.Add(new InitramfsDifference(path, "+", null));
            }
            else if (here.DiffersFrom(there) is { } how)
            {
                all.Add(new InitramfsDifference(path, "~", how));
            }
        }
        return all;
    }

    /// <summary>For people.</summary>
    public override string ToString() => How is null ? $"{Sign} {Path}" : $"{Sign} {Path}: {How}";
}
