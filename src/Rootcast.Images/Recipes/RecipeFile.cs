namespace Rootcast.Images.Recipes;

/// <summary>A file put into the tree.</summary>
public sealed record RecipeFile
{
    /// <summary>Absolute path in the tree.</summary>
    public required string Path { get; init; }

    /// <summary>What is in it; null when <see cref="From"/> says where to take it.</summary>
    public string? Content { get; init; }

    /// <summary>Absolute path of a file on this host; null when <see cref="Content"/> is there.</summary>
    public string? From { get; init; }

    /// <summary>Permission bits.</summary>
    public int Mode { get; init; } = 0x1A4;

    /// <summary>Owner.</summary>
    public uint Owner { get; init; }

    /// <summary>Group.</summary>
    public uint Group { get; init; }

    /// <summary>Where the recipe says so.</summary>
    public RecipePlace Place { get; init; } = RecipePlace.None;
}
