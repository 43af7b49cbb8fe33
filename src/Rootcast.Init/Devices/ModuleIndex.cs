namespace Rootcast.Init.Devices;

/// <summary>Which modules an initramfs has, what they need and which devices they serve: modules.dep, modules.alias, modules.softdep and
/// modules.builtin as depmod writes them.</summary>
public sealed class ModuleIndex
{
    private readonly Dictionary<string, string[]> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(string Pattern, string Module)>> aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> before = new(StringComparer.Ordinal);
    private readonly HashSet<string> builtin = new(StringComparer.Ordinal);

    /// <summary>Builds the index from the texts of the four files; any may be empty.</summary>
    public ModuleIndex(string dependencies, string aliases, string softDependencies, string builtin)
    {
        foreach (ReadOnlySpan<char> line in dependencies.AsSpan().EnumerateLines())
        {
            AddDependency(line);
        }
        foreach (ReadOnlySpan<char> line in aliases.AsSpan().EnumerateLines())
        {
            AddAlias(line);
        }
        foreach (ReadOnlySpan<char> line in softDependencies.AsSpan().EnumerateLines())
        {
            AddSoftDependency(line);
        }
        foreach (ReadOnlySpan<char> line in builtin.AsSpan().EnumerateLines())
        {
            if (!line.IsEmpty)
            {
                this.builtin.Add(NameOf(line));
            }
        }
    }

    /// <summary>How many module files there are.</summary>
    public int Count => files.Count;

    /// <summary>Whether the module is a part of the kernel.</summary>
    public bool IsBuiltin(string module) => builtin.Contains(Normal(module));

    /// <summary>The module's own file first, then those that it needs, as modules.dep has them: to be loaded from the last to the first.
    /// Null when it is not packed.</summary>
    public IReadOnlyList<string>? FilesOf(string module) => files.GetValueOrDefault(Normal(module));

    /// <summary>Modules that softdep wants loaded before.</summary>
    public IReadOnlyList<string> WantedBefore(string module) => before.GetValueOrDefault(Normal(module)) ?? (IReadOnlyList<string>)[];

    /// <summary>The modules that serve a device.</summary>
    /// <param name="modalias">As the device's modalias file has it: <c>virtio:d00000002v00001AF4</c>.</param>
    public IReadOnlyList<string> ModulesFor(string modalias)
    {
        List<string> found = [];
        if (aliases.TryGetValue(Bucket(modalias), out List<(string Pattern, string Module)>? candidates))
        {
            foreach ((string pattern, string module) in candidates)
            {
                if (AliasPattern.Matches(pattern, modalias) && !found.Contains(module))
                {
                    found.Add(module);
                }
            }
        }
        return found;
    }

    /// <summary>A module's name: of its file without directories and endings, with <c>_</c> for <c>-</c>.</summary>
    public static string NameOf(ReadOnlySpan<char> path)
    {
        ReadOnlySpan<char> name = path[(path.LastIndexOf('/') + 1)..];
        int dot = name.IndexOf('.');
        return Normal((dot < 0 ? name : name[..dot]).ToString());
    }

    /// <summary>The spelling under which the kernel knows a module.</summary>
    public static string Normal(string module) => module.Replace('-', '_');

    private static string Bucket(ReadOnlySpan<char> alias)
    {
        int colon = alias.IndexOf(':');
        return colon < 0 ? "" : alias[..colon].ToString();
    }

    private void AddDependency(ReadOnlySpan<char> line)
    {
        int colon = line.IndexOf(':');
        if (colon <= 0)
        {
            return;
        }
        string own = line[..colon].ToString();
        ReadOnlySpan<char> needs = line[(colon + 1)..].Trim();
        string[] all = needs.IsEmpty ? [own] : [own, .. needs.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        files[NameOf(own)] = all;
    }

    private void AddAlias(ReadOnlySpan<char> line)
    {
        const string word = "alias ";
        int end = line.LastIndexOf(' ');
        if (!line.StartsWith(word) || end <= word.Length)
        {
            return;
        }
        string pattern = line[word.Length..end].ToString();
        string bucket = Bucket(pattern);
        if (!aliases.TryGetValue(bucket, out List<(string Pattern, string Module)>? list))
        {
            aliases[bucket] = list = [];
        }
        list.Add((pattern, Normal(line[(end + 1)..].ToString())));
    }

    private void AddSoftDependency(ReadOnlySpan<char> line)
    {
        string[] words = line.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3 || words[0] != "softdep")
        {
            return;
        }
        string module = Normal(words[1]);
        bool pre = false;
        for (int i = 2; i < words.Length; i++)
        {
            if (words[i].EndsWith(':'))
            {
                pre = words[i] == "pre:";
                continue;
            }
            if (!pre)
            {
                continue;
            }
            if (!before.TryGetValue(module, out List<string>? list))
            {
                before[module] = list = [];
            }
            list.Add(Normal(words[i]));
        }
    }
}
