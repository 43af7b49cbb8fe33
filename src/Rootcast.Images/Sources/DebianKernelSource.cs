using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Sources.Apt;
using Rootcast.Images.Tools;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Sources;

/// <summary>Takes a kernel out of a Debian archive: the packages are downloaded and unpacked, and never installed anywhere.</summary>
internal sealed class DebianKernelSource(BuildCache cache, IProgressDisplay display, Action<string>? log)
{
    private const string Kind = "kernels";

    internal static IReadOnlyList<string> Programs { get; } = ["apt-get", "dpkg", "dpkg-deb", "depmod"];

    internal async Task<KernelFiles> FindAsync(Recipe recipe, DebianKernel kernel, IProgressStage stage, CancellationToken cancellation)
    {
        Tool.Require(Programs);
        stage.Detail("asking what the archive has");
        DebianSource source = ArchiveFor(recipe, kernel);
        KernelFiles files = await FindAsync(source, kernel, stage, cancellation);
        return kernel.Dkms.Count == 0 ? files : await new DkmsModules(cache, display, log).AddAsync(source, kernel, files, cancellation);
    }

    private async Task<KernelFiles> FindAsync(
        DebianSource source,
        DebianKernel kernel,
        IProgressStage stage,
        CancellationToken cancellation
    )
    {
        IReadOnlyList<(AptSuite Suite, AptRelease Release)> suites = await new AptArchive(cache, display, log).AskAsync(
            AptSuites.Choose(source, AptEntries.OfHost()),
            cancellation
        );
        string name = await PackageNameAsync(kernel.Package, cancellation);
        using CacheKey asked = new("kernel-1");
        asked.Add("package", name);
        foreach ((AptSuite suite, AptRelease release) in suites)
        {
            asked.Add("source", string.Join('\n', suite.Entry.ToLines())).Add("lists", release.Digest);
        }
        string noteKey = asked.Finish();
        if (cache.ReadNote(Kind, noteKey) is { } note && cache.Find(Kind, note) is { } known)
        {
            return KernelEntry.Load(known);
        }
        await using TemporaryDirectory place = TemporaryDirectory.Create();
        AptRoot apt = new(place.Path, log);
        await apt.UpdateAsync([.. suites.Select(pair => pair.Suite)], source.Keys, stage, cancellation);
        IReadOnlyList<AptPackage> packages = await ChooseAsync(apt, name, kernel, source, cancellation);
        using CacheKey chosen = new("kernel-files-1");
        foreach (AptPackage package in packages)
        {
            chosen.Add("package", package.Name).Add("version", package.Version).Add("digest", package.Digest);
        }
        string key = chosen.Finish();
        string entry =
            cache.Find(Kind, key)
            ?? await cache.MakeAsync(Kind, key, directory => UnpackAsync(apt, packages, directory, kernel, stage, cancellation));
        // Noted last: the note says that the entry is there.
        cache.WriteNote(Kind, noteKey, key);
        return KernelEntry.Load(entry);
    }

    /// <summary>The archives to look in: the source's own when its suite is meant, else those for the suite that the kernel or the host names.</summary>
    private static DebianSource ArchiveFor(Recipe recipe, DebianKernel kernel)
    {
        DebianSource? own = recipe.Source as DebianSource;
        if (own is not null && (kernel.Suite is null || kernel.Suite.Value.Value == own.Suite.Value))
        {
            return own with { Packages = [] };
        }
        RecipeText suite =
            kernel.Suite
            ?? (HostCodename() is { } codename ? new RecipeText(codename, kernel.Place) : (RecipeText?)null)
            ?? throw RecipeError.At(
                kernel.Place,
                "nothing says of which suite the kernel is",
                $"Name it:  - {{debian: {kernel.Package}, suite: bookworm}}"
            );
        return new DebianSource
        {
            Suite = suite,
            Mirror = own?.Mirror,
            Place = kernel.Place,
        };
    }

    private static string? HostCodename()
    {
        const string release = "/etc/os-release";
        return File.Exists(release)
            ? File.ReadLines(release)
                .Where(line => line.StartsWith("VERSION_CODENAME=", StringComparison.Ordinal))
                .Select(line => line.Split('=')[1].Trim('"'))
                .FirstOrDefault()
            : null;
    }

    private async Task<string> PackageNameAsync(string package, CancellationToken cancellation)
    {
        if (package is not ("cloud" or "generic"))
        {
            return package;
        }
        string architecture = await new Tool("dpkg", "--print-architecture") { Log = log }.ReadAsync(cancellation);
        return package == "cloud" ? $"linux-image-cloud-{architecture}" : $"linux-image-{architecture}";
    }

    /// <summary>The package with the kernel, which others depend on, and those with its modules where they are apart.</summary>
    private static async Task<IReadOnlyList<AptPackage>> ChooseAsync(
        AptRoot apt,
        string name,
        DebianKernel kernel,
        DebianSource source,
        CancellationToken cancellation
    )
    {
        const int mostSteps = 4;
        for (int step = 0; step < mostSteps; step++)
        {
            AptPackage package =
                await apt.FindAsync(name, cancellation)
                ?? throw RecipeError.At(
                    kernel.Place,
                    $"there is no package '{name}' in {source.Suite}",
                    "Name 'cloud', 'generic', or a package that begins with linux-image-."
                );
            string? next = package.Depends.FirstOrDefault(IsVersionedImage);
            if (next is null || next == name)
            {
                List<AptPackage> all = [package];
                foreach (string modules in package.Depends.Where(depends => depends.StartsWith("linux-modules-", StringComparison.Ordinal)))
                {
                    all.Add(
                        await apt.FindAsync(modules, cancellation)
                            ?? throw new InvalidDataException($"{name} depends on {modules}, which is not there")
                    );
                }
                return all;
            }
            name = next;
        }
        throw RecipeError.At(
            kernel.Place,
            $"the package '{kernel.Package}' leads to no kernel",
            "Name a package that begins with linux-image-."
        );
    }

    private static bool IsVersionedImage(string name) =>
        name.StartsWith("linux-image-", StringComparison.Ordinal) && name.Length > 12 && char.IsAsciiDigit(name[12]);

    private async Task UnpackAsync(
        AptRoot apt,
        IReadOnlyList<AptPackage> packages,
        string destination,
        DebianKernel kernel,
        IProgressStage stage,
        CancellationToken cancellation
    )
    {
        string root = KernelEntry.RootIn(destination);
        Directory.CreateDirectory(root);
        foreach (AptPackage package in packages)
        {
            stage.Detail($"downloading {package.Name}");
            string file = await apt.DownloadAsync(package, cancellation);
            stage.Detail($"unpacking {package.Name}");
            await new Tool("dpkg-deb", "-x", file, root) { Log = log }.RunAsync(cancellation);
        }
        // Before trixie the modules are under /lib; depmod and kmod take either, so everything is brought to the newer place.
        string modules = KernelEntry.ModulesIn(destination);
        string older = Path.Combine(root, "lib", "modules");
        if (Directory.Exists(older))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(modules)!);
            Directory.Move(older, modules);
            Directory.Delete(Path.Combine(root, "lib"), recursive: true);
        }
        string boot = KernelEntry.ImagesIn(destination);
        string? image = Directory.Exists(boot) ? Directory.EnumerateFiles(boot, "vmlinu?-*").FirstOrDefault() : null;
        if (image is null || !Directory.Exists(modules))
        {
            throw RecipeError.At(
                kernel.Place,
                $"the package '{packages[0].Name}' has no kernel with modules",
                "Name a package that begins with linux-image-."
            );
        }
        string version = Path.GetFileName(image).Split('-', 2)[1];
        stage.Detail("indexing modules");
        await KernelEntry.FinishAsync(destination, Path.GetFileName(image), version, log, cancellation);
    }
}
