using Rootcast.Contract;
using Rootcast.Images.Forms;

namespace Rootcast.Images.Recipes;

/// <summary>What to cast: docs/recipe.md describes every key. Paths are absolute; in the file they are relative to its directory.</summary>
public sealed partial record Recipe
{
    /// <summary>Name of the image in the store.</summary>
    public required string Name { get; init; }

    /// <summary>Where the tree comes from.</summary>
    public required RecipeSource Source { get; init; }

    /// <summary>The kernels, at least one; the first boots unless another is asked for.</summary>
    public IReadOnlyList<RecipeKernel> Kernels { get; init; } = [new DebianKernel("cloud")];

    /// <summary>The forms to cast, each once, at least one.</summary>
    public required IReadOnlyList<Form> Forms { get; init; }

    /// <summary>How the forms are cast, where the recipe says so.</summary>
    public CastOptions Options { get; init; } = new();

    /// <summary>What the initramfs gets beside what the forms need.</summary>
    public RecipeInitramfs Initramfs { get; init; } = new();

    /// <summary>What can serve the root instead of the kernel.</summary>
    public IReadOnlyList<RecipeRootDaemon> RootDaemons { get; init; } = [];

    /// <summary>The machine's name, or null to leave the tree's own.</summary>
    public string? Hostname { get; init; }

    /// <summary>How root gets in.</summary>
    public RecipeRoot Root { get; init; } = new();

    /// <summary>Files put into the tree, in their order; a later one of the same path wins.</summary>
    public IReadOnlyList<RecipeFile> Files { get; init; } = [];

    /// <summary>Scripts that run in the tree after everything else is in it, in their order.</summary>
    public IReadOnlyList<RecipeScript> Scripts { get; init; } = [];
}
