using Rootcast.Contract;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Tools;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Sources;

/// <summary>Builds modules that Debian ships as source (dkms(8)) for a kernel of Debian, in a tree of their own with compiler and headers, which neither this host nor the
/// image gets. Kept with the kernel in the build cache: zfs-dkms takes minutes.</summary>
internal sealed class DkmsModules(BuildCache cache, IProgressDisplay display, Action<string>? log)
{
    private const string Kind = "kernels";

    /// <summary>Where dkms installs, below the modules of a kernel.</summary>
    private const string Place = "updates/dkms";

    /// <summary>The kernel with the modules.</summary>
    /// <param name="archive">Where the kernel's package came from.</param>
    /// <param name="kernel">What the recipe says.</param>
    /// <param name="files">The kernel.</param>
    /// <param name="cancellation">Stops; nothing stays.</param>
    /// <exception cref="UserError">A package is not there, or does not build for this kernel.</exception>
    public async Task<KernelFiles> AddAsync(DebianSource archive, DebianKernel kernel, KernelFiles files, CancellationToken cancellation)
    {
        // Packages of modules are often not free in Debian's sense, or depend on some that are not: zfs-dkms is in contrib.
        DebianSource source = archive with
        {
            Components = [.. archive.Components.Union(["main", "contrib"], StringComparer.Ordinal)],
            Packages = [new RecipeText($"linux-headers-{files.Version}", kernel.Place), .. kernel.Dkms],
        };
        TreeArchive built = await new TreeBuilder(cache, display) { Log = log }.BuildAsync(
            new Recipe
            {
                Name = "dkms",
                Forms = [],
                Source = source,
            },
            cancellation
        );
        using CacheKey key = new("kernel-dkms-1");
        key.Add("tree", built.Digest).Add("kernel", files.ModulesDirectory);
        string name = key.Finish();
        string entry =
            cache.Find(Kind, name) ?? await cache.MakeAsync(Kind, name, place => JoinAsync(built, kernel, files, place, cancellation));
        return KernelEntry.Load(entry);
    }

    private async Task JoinAsync(TreeArchive built, DebianKernel kernel, KernelFiles files, string place, CancellationToken cancellation)
    {
        string modules = Path.Combine(KernelEntry.ModulesIn(place), files.Version);
        Directory.CreateDirectory(KernelEntry.ModulesIn(place));
        Directory.CreateDirectory(KernelEntry.ImagesIn(place));
        await new Tool("cp", "-a", "--reflink=auto", files.ModulesDirectory, modules) { Log = log }.RunAsync(cancellation);
        string image = Path.GetFileName(files.ImagePath);
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(files.ImagePath)!))
        {
            File.Copy(file, Path.Combine(KernelEntry.ImagesIn(place), Path.GetFileName(file)));
        }
        await using TemporaryDirectory work = cache.MakeScratch();
        string inTree = $"lib/modules/{files.Version}/{Place}";
        // Members have their names as the archive has them: with usr/ in front where /lib is a link.
        await new Tool(
            "tar",
            "--extract",
            "--file",
            built.TarPath,
            "--directory",
            work.Path,
            "--wildcards",
            "--no-same-owner",
            $"*{inTree}/*"
        )
        {
            Log = log,
            GoodExitCodes = [0, 2],
        }.RunAsync(cancellation);
        string? found = Directory.EnumerateDirectories(work.Path, Path.GetFileName(Place), SearchOption.AllDirectories).FirstOrDefault();
        if (found is null || !Directory.EnumerateFiles(found).Any())
        {
            throw RecipeError.At(
                kernel.Place,
                $"{string.Join(", ", kernel.Dkms)} built no module for {files.Version}",
                "Name a package that ends in -dkms, of a version that knows this kernel; -v shows what dkms said."
            );
        }
        await new Tool("cp", "-a", found, Path.Combine(Directory.CreateDirectory(Path.Combine(modules, "updates")).FullName, "dkms"))
        {
            Log = log,
        }.RunAsync(cancellation);
        await KernelEntry.FinishAsync(place, image, files.Version, log, cancellation);
    }
}
