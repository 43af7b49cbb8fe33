namespace Rootcast.Formats.Modules;

/// <summary>modules.alias, made quick to ask: exact aliases by hash, patterns only among those of the same bus.</summary>
public sealed class ModuleAliases
{
    private readonly Dictionary<string, List<string>> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(string Pattern, string Module)>> _patterns = new(StringComparer.Ordinal);

    /// <summary>Every alias with its module, in the order in which they were added.</summary>
    public List<(string Alias, string Module)> All { get; } = [];

    /// <summary>Adds one; both are taken as modules.alias has them.</summary>
    public void Add(string alias, string module)
    {
        alias = ModuleName.Normalise(alias);
        module = ModuleName.Normalise(module);
        All.Add((alias, module));
        if (AliasPattern.IsPattern(alias))
        {
            ListOf(_patterns, Bus(alias)).Add((alias, module));
        }
        else
        {
            ListOf(_exact, alias).Add(module);
        }
    }

    /// <summary>The modules whose alias fits a modalias (<c>pci:v00001AF4d…</c>) or another alias (<c>fs-ext4</c>); each once, in file order.</summary>
    public IReadOnlyList<string> Match(string modalias)
    {
        modalias = ModuleName.Normalise(modalias);
        List<string> found = [];
        if (_exact.TryGetValue(modalias, out List<string>? exact))
        {
            found.AddRange(exact);
        }
        AddMatches(Bus(modalias), modalias, found);
        // A pattern that begins with a wildcard belongs to no bus.
        AddMatches("", modalias, found);
        return found;
    }

    private void AddMatches(string bus, string modalias, List<string> found)
    {
        if (!_patterns.TryGetValue(bus, out List<(string Pattern, string Module)>? patterns))
        {
            return;
        }
        foreach ((string pattern, string module) in patterns)
        {
            if (!found.Contains(module) && AliasPattern.Matches(pattern, modalias))
            {
                found.Add(module);
            }
        }
    }

    private static string Bus(string alias)
    {
        int colon = alias.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || AliasPattern.IsPattern(alias[..colon]) ? "" : alias[..colon];
    }

    private static List<T> ListOf<T>(Dictionary<string, List<T>> lists, string key)
    {
        if (!lists.TryGetValue(key, out List<T>? list))
        {
            lists[key] = list = [];
        }
        return list;
    }
}
