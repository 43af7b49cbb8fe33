using System.Globalization;
using System.Text;

namespace Rootcast.Formats.Modules;

public sealed partial class ModuleIndex
{
    /// <summary>The texts cut down to some of the modules: sorted, and with the builtin ones whole, so that nothing builtin looks missing.</summary>
    /// <param name="kept">Modules of this index.</param>
    public ModuleIndexText Cut(IEnumerable<KernelModule> kept)
    {
        SortedDictionary<string, KernelModule> modules = new(StringComparer.Ordinal);
        foreach (KernelModule module in kept)
        {
            modules[module.Name] = module;
        }
        StringBuilder dependencies = new();
        StringBuilder soft = new();
        StringBuilder weak = new();
        foreach (KernelModule module in modules.Values)
        {
            dependencies.Append(module.Path).Append(':');
            foreach (string name in module.Dependencies)
            {
                if (modules.TryGetValue(name, out KernelModule? dependency))
                {
                    dependencies.Append(' ').Append(dependency.Path);
                }
            }
            dependencies.Append('\n');
            if (module.Before.Count + module.After.Count > 0)
            {
                soft.Append("softdep ").Append(module.Name);
                AppendNames(soft, " pre:", module.Before);
                AppendNames(soft, " post:", module.After);
                soft.Append('\n');
            }
            if (module.Weak.Count > 0)
            {
                AppendNames(weak, $"weakdep {module.Name}", module.Weak);
                weak.Append('\n');
            }
        }
        StringBuilder aliases = new();
        foreach ((string alias, string module) in Aliases.All)
        {
            if (modules.ContainsKey(module))
            {
                aliases.Append("alias ").Append(alias).Append(' ').Append(module).Append('\n');
            }
        }
        StringBuilder builtin = new();
        foreach (string path in _builtin.Values.Order(StringComparer.Ordinal))
        {
            builtin.Append(path).Append('\n');
        }
        StringBuilder devices = new();
        foreach (ModuleDevice device in _devices)
        {
            if (modules.ContainsKey(device.Module))
            {
                string kind = device.IsBlock ? "b" : "c";
                devices.Append(CultureInfo.InvariantCulture, $"{device.Module} {device.Path} {kind}{device.Major}:{device.Minor}\n");
            }
        }
        return new ModuleIndexText
        {
            Dependencies = dependencies.ToString(),
            Aliases = aliases.ToString(),
            SoftDependencies = soft.ToString(),
            WeakDependencies = weak.ToString(),
            Builtin = builtin.ToString(),
            BuiltinInfo = BuiltinAliasText(),
            DeviceNames = devices.ToString(),
        };
    }

    private string BuiltinAliasText()
    {
        StringBuilder text = new();
        foreach ((string alias, string module) in _builtinAliases.All)
        {
            text.Append(module).Append(".alias=").Append(alias).Append('\0');
        }
        return text.ToString();
    }

    private static void AppendNames(StringBuilder text, string head, IReadOnlyList<string> names)
    {
        if (names.Count > 0)
        {
            text.Append(head);
            foreach (string name in names)
            {
                text.Append(' ').Append(name);
            }
        }
    }
}
