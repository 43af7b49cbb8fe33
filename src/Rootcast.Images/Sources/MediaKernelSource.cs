using System.Globalization;
using Rootcast.Formats;
using Rootcast.Formats.Kernels;
using Rootcast.Formats.Tree;
using Rootcast.Images.Media;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Tools;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Sources;

/// <summary>Takes the kernel out of the medium that the tree comes from: its image wherever it is on the medium, its modules out of the tree.</summary>
internal sealed class MediaKernelSource(BuildCache cache, Action<string>? log)
{
    private const string Kind = "kernels";

    internal async Task<KernelFiles> FindAsync(Recipe recipe, MediaKernel kernel, IProgressStage stage, CancellationToken cancellation)
    {
        if (recipe.Source is not MediaSource source)
        {
            throw RecipeError.At(
                kernel.Place,
                "the kernel of the medium is asked for, and the tree comes from none",
                "Name a kernel by 'debian' or 'files', or take the tree from source.media."
            );
        }
        Tool.Require("depmod");
        try
        {
            string key = await KeyAsync(source, kernel, stage, cancellation);
            string entry =
                cache.Find(Kind, key)
                ?? await cache.MakeAsync(Kind, key, directory => MakeAsync(source, kernel, directory, stage, cancellation));
            return KernelEntry.Load(entry);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or Linux.LinuxException)
        {
            throw RecipeError.At(kernel.Place, $"the kernel cannot be read: {error.Message}", "Check the file that is named.", error);
        }
    }

    private async Task<string> KeyAsync(MediaSource source, MediaKernel kernel, IProgressStage stage, CancellationToken cancellation)
    {
        FileDigest digest = new(cache);
        digest.Take(source.Path);
        using CacheKey key = new("media-kernel-1");
        key.Add("media", await digest.ReadAsync(stage, cancellation))
            .Add("partition", source.Partition?.ToString(CultureInfo.InvariantCulture))
            .Add("version", kernel.Version);
        if (kernel.Image is { } image)
        {
            key.AddFile("image", image);
        }
        return key.Finish();
    }

    private async Task MakeAsync(
        MediaSource source,
        MediaKernel kernel,
        string destination,
        IProgressStage stage,
        CancellationToken cancellation
    )
    {
        await using TemporaryDirectory scratch = cache.MakeScratch();
        MediaReader reader = new(scratch.Path, log, name => stage.Detail($"looking into {name}"), MountedTree.IsPossible);
        using Medium medium = await Medium.OpenAsync(reader, source.Path, source.Partition, cancellation);
        FileTree tree = medium.System.Tree!;
        IReadOnlyList<(string Version, UnixPath Directory)> modules = TreeSystem.ModulesOf(tree);
        FoundKernel[] images = kernel.Image is { } named ? [OfFile(named, kernel)] : [.. medium.Kernels];
        FoundKernel chosen =
            images
                .Where(image => modules.Any(pair => pair.Version == image.Version) && image.Version == (kernel.Version ?? image.Version))
                .OrderByDescending(image => image.Version, new VersionOrder())
                .FirstOrDefault()
            ?? throw RecipeError.At(
                kernel.Place,
                $"{source.Path} has no kernel with its modules: images of {Listed(images.Select(image => image.Version))}, modules of {Listed(modules.Select(pair => pair.Version))}",
                "Name the image by kernels[].media.image (--kernel-file), or take another kernel by 'debian' (--kernel debian:cloud)."
            );
        stage.Detail($"taking {chosen.Version}");
        Directory.CreateDirectory(KernelEntry.ImagesIn(destination));
        string name = $"vmlinuz-{chosen.Version}";
        await using (FileStream output = new(Path.Combine(KernelEntry.ImagesIn(destination), name), FileMode.CreateNew))
        {
            await using Stream input = chosen.Extent.Open();
            await input.CopyToAsync(output, cancellation);
        }
        CopyModules(
            tree,
            modules.First(pair => pair.Version == chosen.Version).Directory,
            Path.Combine(KernelEntry.ModulesIn(destination), chosen.Version),
            cancellation
        );
        stage.Detail("indexing modules");
        await KernelEntry.FinishAsync(destination, name, chosen.Version, log, cancellation);
    }

    private static FoundKernel OfFile(string path, MediaKernel kernel)
    {
        MediaExtent extent = MediaExtent.OfFile(path);
        string version =
            KernelImage.VersionOf(extent.Read(0, KernelImage.BytesNeeded))
            ?? throw RecipeError.At(
                kernel.Place,
                $"{path} is no kernel for x86 that says its version",
                "Name a bzImage: vmlinuz, or the file 'linux' of an installer."
            );
        return new FoundKernel(path, version, extent);
    }

    /// <summary>Files and directories; links there lead to headers and sources, which nobody needs here.</summary>
    private static void CopyModules(FileTree tree, UnixPath from, string to, CancellationToken cancellation)
    {
        string prefix = $"{from}/";
        Directory.CreateDirectory(to);
        foreach ((UnixPath path, TreeInode node) in tree.Sorted())
        {
            cancellation.ThrowIfCancellationRequested();
            string text = path.ToString();
            if (!text.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }
            string target = Path.Combine(to, text[prefix.Length..]);
            if (node.Entry.Kind == NodeKind.Directory)
            {
                Directory.CreateDirectory(target);
            }
            else if (node.Entry.Kind == NodeKind.File)
            {
                using FileStream file = new(target, FileMode.CreateNew);
                node.Data?.CopyTo(file, node.Entry);
            }
        }
    }

    private static string Listed(IEnumerable<string> versions) =>
        string.Join(", ", versions.Distinct(StringComparer.Ordinal)) is { Length: > 0 } text ? text : "none";
}
