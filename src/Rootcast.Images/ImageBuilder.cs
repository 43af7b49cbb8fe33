using Rootcast.Contract;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Sources;
using Rootcast.Images.Store;
using Rootcast.Images.Trees;

namespace Rootcast.Images;

/// <summary>Makes the image of a recipe: kernels, tree, initramfs, forms, and publishes it under the recipe's name.</summary>
/// <param name="store">Where the image goes.</param>
/// <param name="init">The program that is <c>/init</c>.</param>
/// <param name="progress">Where it shows how far it is.</param>
public sealed class ImageBuilder(ImageStore store, InitProgram init, IProgressDisplay progress)
{
    /// <summary>What making a Debian tree and taking a kernel out of Debian's archive calls.</summary>
    public static IReadOnlyList<string> ProgramsForDebian { get; } = [.. DebianTreeSource.Programs.Union(DebianKernelSource.Programs)];

    /// <summary>What builds before have kept.</summary>
    public BuildCache Cache { get; init; } = BuildCache.OfUser();

    /// <summary>Told every command line of the tree's and kernels' programs, in the form that can be pasted.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Builds; what has not changed since an earlier build is not made again.</summary>
    /// <exception cref="UserError">What went wrong, with its place in the recipe where there is one. The former image of that name still boots.</exception>
    public async Task<StoredImage> BuildAsync(Recipe recipe, CancellationToken cancellation = default)
    {
        ImageCasting.RequireTools(recipe);
        List<KernelFiles> kernels = [];
        KernelSource source = new(Cache, progress) { Log = Log };
        foreach (RecipeKernel kernel in recipe.Kernels)
        {
            kernels.Add(await source.ResolveAsync(recipe, kernel, cancellation));
        }
        TreeBuilder trees = new(Cache, progress) { Log = Log };
        TreeArchive tree = await trees.BuildAsync(recipe, cancellation);
        if (recipe.Forms.Contains(Form.Zfs))
        {
            recipe = recipe with
            {
                Options = recipe.Options with { PoolTools = await trees.BuildAsync(PoolToolsFor(recipe), cancellation) },
            };
        }
        ImageCasting casting = new(store, init, progress) { SourceDateEpoch = trees.SourceDateEpoch };
        return await casting.CastAsync(recipe, tree, kernels, cancellation);
    }

    /// <summary>A small Debian with zfs-fuse: bookworm is the last that has the package.</summary>
    private static Recipe PoolToolsFor(Recipe recipe) =>
        new()
        {
            Name = "zfs-fuse",
            Forms = [],
            Source = new DebianSource
            {
                Suite = new RecipeText("bookworm", RecipePlace.None),
                Packages = [new RecipeText("zfs-fuse", RecipePlace.None)],
                Mirror = (recipe.Source as DebianSource)?.Mirror,
            },
        };
}
