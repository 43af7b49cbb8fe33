using Rootcast.Contract;
using Rootcast.Formats.Modules;
using Rootcast.Images.Recipes;
using Rootcast.Images.Sources;

namespace Rootcast.Images.Initramfs;

/// <summary>Chooses modules of one kernel and puts them into a tree with the indexes of kmod cut down to them.</summary>
internal sealed class ModuleSelection
{
    private const int FileMode = 0x1A4; // 0644

    private readonly KernelFiles _kernel;
    private readonly InitramfsTree _tree;
    private readonly ModuleIndex _index;
    private readonly Dictionary<string, KernelModule> _chosen = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];

    private ModuleSelection(KernelFiles kernel, InitramfsTree tree)
    {
        _kernel = kernel;
        _tree = tree;
        _index = ModuleIndexFiles.Read(kernel.Version, kernel.ModulesDirectory);
    }

    /// <summary>What was wished for and is not there.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Path in the initramfs and file here of each module.</summary>
    public IEnumerable<(string Path, string File)> Packed => _chosen.Values.Select(module => (PathOf(module), FileOf(module)));

    public static ModuleSelection Select(KernelFiles kernel, InitramfsRequest request, InitramfsTree tree)
    {
        ModuleSelection selection = new(kernel, tree);
        foreach (Form form in request.Forms)
        {
            foreach (string name in FormModules.Of(form))
            {
                selection.AddNamed(name, $"form {Names.Of(form)}");
            }
        }
        if (request.ZramFileSystem is { } zram)
        {
            selection.AddNamed(zram.Type, "the file system of form zram");
            selection.AddSet(ModuleSet.ZramCompressors);
        }
        foreach (string name in request.Modules)
        {
            selection.AddNamed(name, "named in the recipe");
        }
        if (request.RootSet)
        {
            selection.AddSet(ModuleSet.Root);
        }
        foreach (string name in request.Sets)
        {
            selection.AddSet(SetOf(name));
        }
        foreach (string modalias in request.Modaliases)
        {
            selection.AddDevice(modalias);
        }
        foreach ((string name, string because) in request.Wanted)
        {
            selection.AddWanted(name, because);
        }
        selection.AddIndexes();
        return selection;
    }

    private static ModuleSet SetOf(string name) =>
        ModuleSet.Known.FirstOrDefault(set => set.Name == name)
        ?? throw new UserError(
            $"There is no set of modules '{name}'.",
            $"The sets are {string.Join(", ", ModuleSet.Known.Select(set => set.Name))}.",
            UserErrorKind.Input
        );

    private void AddNamed(string name, string because)
    {
        ModuleResolution found = _index.Resolve(name);
        if (found.IsUnknown)
        {
            string? near = NearestName.Of(ModuleName.Normalise(name), _index.Modules.Select(module => module.Name));
            throw new UserError(
                $"Kernel {_kernel.Version} has no module '{name}' ({because}).",
                near is null ? "Take another kernel, or leave the module out." : $"Did you mean '{near}'? Else take another kernel.",
                UserErrorKind.Input
            );
        }
        foreach (KernelModule module in found.Modules)
        {
            Add(module, because, null);
        }
    }

    private void AddWanted(string name, string because)
    {
        ModuleResolution found = _index.Resolve(name);
        if (found.IsUnknown)
        {
            _notes.Add($"Kernel {_kernel.Version} has no module {name} ({because}).");
        }
        foreach (KernelModule module in found.Modules)
        {
            Add(module, because, null);
        }
    }

    private void AddSet(ModuleSet set)
    {
        string because = $"set {set.Name}: {set.Purpose}";
        List<string> missing = [];
        foreach (string name in set.Modules)
        {
            ModuleResolution found = _index.Resolve(name);
            if (found.IsUnknown)
            {
                missing.Add(name);
            }
            foreach (KernelModule module in found.Modules)
            {
                Add(module, because, null);
            }
        }
        foreach (string directory in set.Directories)
        {
            string prefix = "kernel/" + directory;
            foreach (KernelModule module in _index.Modules.Where(module => module.Path.StartsWith(prefix, StringComparison.Ordinal)))
            {
                Add(module, because, null);
            }
        }
        if (missing.Count > 0)
        {
            _notes.Add($"Kernel {_kernel.Version} has no {string.Join(", ", missing)} (set {set.Name}).");
        }
    }

    private void AddDevice(string modalias)
    {
        ModuleResolution found = _index.Resolve(modalias);
        if (found.IsUnknown)
        {
            _notes.Add($"Kernel {_kernel.Version} has no driver for {modalias}.");
        }
        foreach (KernelModule module in found.Modules)
        {
            Add(module, $"driver of {modalias}", null);
        }
    }

    private void Add(KernelModule module, string because, KernelModule? by)
    {
        if (!_chosen.TryAdd(module.Name, module))
        {
            return;
        }
        if (!File.Exists(FileOf(module)))
        {
            throw new UserError(
                $"Kernel {_kernel.Version}: {FileOf(module)} is in modules.dep and not on disk.",
                "Install the kernel's package again, or run depmod for it."
            );
        }
        _tree.AddFile(FileOf(module), FileMode, new InitramfsReason(PathOf(module), because, by is null ? null : PathOf(by)));
        foreach ((KernelModule wanted, string why) in _index.Wanted(module))
        {
            if (why != "depends" || IsDirect(wanted, module))
            {
                Add(wanted, why, module);
            }
        }
    }

    /// <summary>modules.dep names what a module depends on with all that these depend on; a chain reads better step by step.</summary>
    private bool IsDirect(KernelModule wanted, KernelModule module) =>
        !module.Dependencies.Any(other => _index.Find(other) is { } between && between.Dependencies.Contains(wanted.Name));

    private void AddIndexes() => ModuleIndexFiles.Add(_index, _chosen.Values, _kernel.Version, _tree);

    private string FileOf(KernelModule module) => Path.Combine(_kernel.ModulesDirectory, module.Path);

    private string PathOf(KernelModule module) => $"{InitramfsPaths.Modules}/{_kernel.Version}/{module.Path}";
}
