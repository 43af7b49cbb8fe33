using Rootcast.Contract;
using Rootcast.Formats.Modules;

namespace Rootcast.Images.Initramfs;

/// <summary>Compares what a machine uses with what an initrd has: of this program's own making or another's.</summary>
public static class HostCheck
{
    private static readonly string[] ModuleDirectories = ["/usr/lib/modules/", "/lib/modules/"];

    /// <summary>What the machine uses and the initrd lacks, in words; empty when it would do.</summary>
    /// <param name="needs">What the machine needs.</param>
    /// <param name="paths">Every absolute path of the initrd.</param>
    /// <param name="version">The kernel that is to boot.</param>
    /// <param name="modulesDirectory">That kernel's modules on this machine.</param>
    /// <param name="isLoaded">Whether a module, by its normalised name, is loaded now.</param>
    /// <exception cref="UserError">The kernel's modules are not on this machine.</exception>
    public static IReadOnlyList<string> Lacks(
        HostNeeds needs,
        IEnumerable<string> paths,
        string version,
        string modulesDirectory,
        Predicate<string> isLoaded
    )
    {
        ModuleIndex index = ModuleIndexFiles.Read(version, modulesDirectory);
        HashSet<string> all = [.. paths];
        HashSet<string> packed =
        [
            .. all.Where(path => ModuleDirectories.Any(directory => path.StartsWith($"{directory}{version}/", StringComparison.Ordinal)))
                .Where(path => Path.GetFileName(path).Contains(".ko", StringComparison.Ordinal))
                .Select(ModuleName.OfPath),
        ];
        SortedDictionary<string, string> lacks = new(StringComparer.Ordinal);
        foreach ((string name, string because) in needs.Modules)
        {
            Need(name, because, loadedOnly: false);
        }
        foreach (string modalias in needs.Modaliases)
        {
            // Of several drivers that claim a device, those that are in use count.
            Need(modalias, $"drives {modalias}", loadedOnly: true);
        }
        List<string> told = [.. lacks.Select(pair => $"module {pair.Key}: {pair.Value}")];
        foreach (InitramfsReason program in needs.Programs)
        {
            string name = Path.GetFileName(program.Path);
            if (!all.Any(path => Path.GetFileName(path) == name && path.Contains("bin/", StringComparison.Ordinal)))
            {
                told.Add($"program {name}: {program.Because}");
            }
        }
        return told;

        void Need(string name, string because, bool loadedOnly)
        {
            foreach (KernelModule module in index.Resolve(name).Modules.Where(module => !loadedOnly || isLoaded(module.Name)))
            {
                // A module that is wished for with a stack counts only while it is in use.
                if (!packed.Contains(module.Name) && (loadedOnly || isLoaded(module.Name)))
                {
                    lacks.TryAdd(module.Name, because);
                }
                foreach (
                    string dependency in module.Dependencies.Where(dependency =>
                        packed.Contains(module.Name) && !packed.Contains(dependency)
                    )
                )
                {
                    lacks.TryAdd(dependency, $"{module.Name} depends on it");
                }
            }
        }
    }
}
