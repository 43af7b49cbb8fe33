namespace Rootcast.Formats.Modules;

/// <summary>What depmod knows of one kernel's modules: dependencies, aliases, builtins.</summary>
public sealed partial class ModuleIndex
{
    private readonly Dictionary<string, KernelModule> _modules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _builtin = new(StringComparer.Ordinal);
    private readonly ModuleAliases _builtinAliases = new();
    private readonly List<ModuleDevice> _devices = [];

    private ModuleIndex() { }

    /// <summary>Every module that is a file.</summary>
    public IReadOnlyCollection<KernelModule> Modules => _modules.Values;

    /// <summary>The aliases of the modules that are files.</summary>
    public ModuleAliases Aliases { get; } = new();

    /// <summary>Device nodes that load their module when they are opened.</summary>
    public IReadOnlyList<ModuleDevice> Devices => _devices;

    /// <summary>The module of that name; null when it is builtin or unknown.</summary>
    public KernelModule? Find(string name) => _modules.GetValueOrDefault(ModuleName.Normalise(name));

    /// <summary>Whether the kernel itself has the module of that name.</summary>
    public bool IsBuiltin(string name) => _builtin.ContainsKey(ModuleName.Normalise(name));

    /// <summary>What a module's name, a modalias or another alias stands for.</summary>
    public ModuleResolution Resolve(string nameOrModalias)
    {
        if (Find(nameOrModalias) is { } named)
        {
            return new ModuleResolution([named], IsBuiltin: false);
        }
        if (IsBuiltin(nameOrModalias))
        {
            return new ModuleResolution([], IsBuiltin: true);
        }
        List<KernelModule> found = [];
        bool builtin = _builtinAliases.Match(nameOrModalias).Count > 0;
        foreach (string name in Aliases.Match(nameOrModalias))
        {
            // An alias may point at a module that another configuration of this kernel built in.
            builtin |= IsBuiltin(name);
            if (Find(name) is { } module)
            {
                found.Add(module);
            }
        }
        return new ModuleResolution(found, builtin);
    }

    /// <summary>The module and what must be loaded with it, in the order in which to load: what softdep wants before, what it depends on, itself, what
    /// softdep wants after. Modules named there that are builtin or not in this index are left out.</summary>
    public IReadOnlyList<KernelModule> LoadOrder(KernelModule module)
    {
        List<KernelModule> order = [];
        AddInOrder(module, order, new HashSet<string>(StringComparer.Ordinal));
        return order;
    }

    /// <summary>The names that a module needs or may ask for: dependencies, soft and weak ones; only those that are files.</summary>
    /// <returns>Each with the word that tells why: <c>depends</c>, <c>softdep</c>, <c>weakdep</c>.</returns>
    public IEnumerable<(KernelModule Module, string Why)> Wanted(KernelModule module)
    {
        foreach ((IReadOnlyList<string> names, string why) in Lists(module))
        {
            foreach (string name in names)
            {
                foreach (KernelModule wanted in Resolve(name).Modules)
                {
                    yield return (wanted, why);
                }
            }
        }
    }

    private static (IReadOnlyList<string> Names, string Why)[] Lists(KernelModule module) =>
        [(module.Dependencies, "depends"), (module.Before, "softdep"), (module.After, "softdep"), (module.Weak, "weakdep")];

    private void AddInOrder(KernelModule module, List<KernelModule> order, HashSet<string> seen)
    {
        // Soft dependencies may go round in circles: a module that was begun is not begun again.
        if (!seen.Add(module.Name))
        {
            return;
        }
        AddAll(module.Before);
        // modules.dep lists the nearest first; what they depend on in turn stands behind them.
        for (int i = module.Dependencies.Count - 1; i >= 0; i--)
        {
            AddAll([module.Dependencies[i]]);
        }
        order.Add(module);
        AddAll(module.After);

        void AddAll(IReadOnlyList<string> names)
        {
            foreach (string name in names)
            {
                foreach (KernelModule wanted in Resolve(name).Modules)
                {
                    AddInOrder(wanted, order, seen);
                }
            }
        }
    }
}
