using Rootcast.Contract;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Trees;
using Rootcast.Linux.Processes;

namespace Rootcast.Images.Sources;

/// <summary>Finds the kernels that a recipe names.</summary>
/// <param name="cache">Where downloaded kernels are kept.</param>
/// <param name="display">Shows how far it is.</param>
public sealed class KernelSource(BuildCache cache, IProgressDisplay display)
{
    /// <summary>Told every command line that is run, in the form that can be pasted.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Finds one of the recipe's kernels.</summary>
    /// <exception cref="UserError">It is not there, or not whole.</exception>
    public async Task<KernelFiles> ResolveAsync(Recipe recipe, RecipeKernel kernel, CancellationToken cancellation = default)
    {
        using IProgressStage stage = display.Begin($"Kernel {kernel}");
        KernelFiles files = kernel switch
        {
            DebianKernel debian => await new DebianKernelSource(cache, display, Log).FindAsync(recipe, debian, stage, cancellation),
            FilesKernel named => Check(new KernelFiles(named.Version, named.Image, named.Modules), named.Place),
            HostKernel host => OfHost(host),
            MediaKernel media => await new MediaKernelSource(cache, Log).FindAsync(recipe, media, stage, cancellation),
            _ => throw new ArgumentException($"there is no way to the kernel {kernel}", nameof(kernel)),
        };
        stage.Done(files.Version);
        return files;
    }

    private static KernelFiles OfHost(HostKernel kernel)
    {
        string version = Machine.KernelVersion;
        string image =
            new[] { $"/boot/vmlinuz-{version}", $"/usr/lib/modules/{version}/vmlinuz", $"/lib/modules/{version}/vmlinuz" }.FirstOrDefault(
                File.Exists
            )
            ?? throw RecipeError.At(
                kernel.Place,
                $"the image of the kernel {version} that runs here is not on this host",
                "A container has its host's kernel without the files: name a kernel by 'debian' or 'files'."
            );
        return Check(new KernelFiles(version, image, $"/lib/modules/{version}"), kernel.Place);
    }

    private static KernelFiles Check(KernelFiles files, RecipePlace place)
    {
        try
        {
            using FileStream image = File.OpenRead(files.ImagePath);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw RecipeError.At(
                place,
                $"the kernel {files.ImagePath} cannot be read: {error.Message}",
                "Name one that this user can read.",
                error
            );
        }
        return File.Exists(Path.Combine(files.ModulesDirectory, "modules.dep"))
            ? files
            : throw RecipeError.At(
                place,
                $"{files.ModulesDirectory} has no modules.dep",
                $"Name the directory of the kernel's modules; 'depmod -b DIRECTORY {files.Version}' makes the file."
            );
    }
}
