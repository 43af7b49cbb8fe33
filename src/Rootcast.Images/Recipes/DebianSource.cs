namespace Rootcast.Images.Recipes;

/// <summary>A Debian system made by mmdebstrap: the essential packages, apt, and what is named.</summary>
public sealed record DebianSource : RecipeSource
{
    /// <summary>Code name or suite: <c>bookworm</c>, <c>stable</c>.</summary>
    public required RecipeText Suite { get; init; }

    /// <summary>Packages beside the essential ones.</summary>
    public IReadOnlyList<RecipeText> Packages { get; init; } = [];

    /// <summary>Components of the archive.</summary>
    public IReadOnlyList<string> Components { get; init; } = ["main"];

    /// <summary>The archive; null takes it from the host's own apt.</summary>
    public RecipeText? Mirror { get; init; }

    /// <summary>Further archives: a one-line entry (<c>deb URI SUITE COMPONENT</c>) or a deb822 stanza each.</summary>
    public IReadOnlyList<RecipeText> ExtraSources { get; init; } = [];

    /// <summary>Files with keys that sign further archives, binary or armoured.</summary>
    public IReadOnlyList<RecipeText> Keys { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"debian {Suite}";
}
