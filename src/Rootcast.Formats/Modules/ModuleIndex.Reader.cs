using System.Globalization;

namespace Rootcast.Formats.Modules;

public sealed partial class ModuleIndex
{
    /// <summary>Reads the texts. Lines that are no lines of their file are passed over, as kmod does; only modules.dep has to be right.</summary>
    /// <exception cref="InvalidDataException">modules.dep has a line without a colon, or names a file that is no module.</exception>
    public static ModuleIndex Read(ModuleIndexText text)
    {
        ModuleIndex index = new();
        index.ReadBuiltin(text.Builtin);
        index.ReadBuiltinInfo(text.BuiltinInfo);
        index.ReadDependencies(text.Dependencies);
        index.ReadAliases(text.Aliases);
        foreach (string[] words in Lines(text.SoftDependencies, "softdep"))
        {
            index.ReadSoftDependency(words);
        }
        foreach (string[] words in Lines(text.WeakDependencies, "weakdep"))
        {
            if (words.Length > 2 && index.Find(words[1]) is { } module)
            {
                index._modules[module.Name] = module with { Weak = [.. module.Weak, .. words[2..]] };
            }
        }
        index.ReadDevices(text.DeviceNames);
        return index;
    }

    private static IEnumerable<string[]> Lines(string text, string keyword)
    {
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && string.Equals(words[0], keyword, StringComparison.Ordinal))
            {
                yield return words;
            }
        }
    }

    /// <summary>Thousands of lines, which init reads too: no arrays of words.</summary>
    private void ReadAliases(string text)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> rest = line.Trim();
            // The module is the last word: a pattern may have blanks (dmi:).
            int split = rest.LastIndexOf(' ');
            if (rest.StartsWith("alias ") && split > "alias ".Length)
            {
                Aliases.Add(rest["alias ".Length..split].Trim().ToString(), rest[(split + 1)..].ToString());
            }
        }
    }

    private void ReadDevices(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            int colon = words.Length == 3 ? words[2].IndexOf(':', StringComparison.Ordinal) : -1;
            if (
                colon > 0
                && words[2][0] is 'b' or 'c'
                && uint.TryParse(words[2].AsSpan(1, colon - 1), CultureInfo.InvariantCulture, out uint major)
                && uint.TryParse(words[2].AsSpan(colon + 1), CultureInfo.InvariantCulture, out uint minor)
            )
            {
                _devices.Add(new ModuleDevice(ModuleName.Normalise(words[0]), words[1], words[2][0] == 'b', major, minor));
            }
        }
    }

    private void ReadDependencies(string text)
    {
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string path = colon < 0 ? "" : line[..colon].Trim();
            if (!path.Contains(".ko", StringComparison.Ordinal))
            {
                throw new InvalidDataException($"modules.dep line {number}: no 'PATH.ko:' in '{line[..Math.Min(line.Length, 200)]}'");
            }
            string name = ModuleName.OfPath(path);
            string[] dependencies = line[(colon + 1)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            _modules[name] = new KernelModule(name, path, [.. dependencies.Select(ModuleName.OfPath)]);
        }
    }

    private void ReadSoftDependency(string[] words)
    {
        if (Find(words[1]) is not { } module)
        {
            return;
        }
        List<string> before = [.. module.Before];
        List<string> after = [.. module.After];
        // A name without "pre:" or "post:" (cifs has some) is not loaded by modprobe, but the module asks for it while it runs.
        List<string> perhaps = [.. module.Weak];
        List<string> list = perhaps;
        foreach (string word in words.AsSpan(2))
        {
            switch (word)
            {
                case "pre:":
                    list = before;
                    break;
                case "post:":
                    list = after;
                    break;
                default:
                    list.Add(word);
                    break;
            }
        }
        _modules[module.Name] = module with { Before = before, After = after, Weak = perhaps };
    }

    private void ReadBuiltin(string text)
    {
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            _builtin[ModuleName.OfPath(line)] = line;
        }
    }

    private void ReadBuiltinInfo(string text)
    {
        foreach (string record in text.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            int dot = record.IndexOf('.', StringComparison.Ordinal);
            int equals = record.IndexOf('=', StringComparison.Ordinal);
            if (dot > 0 && equals > dot && record.AsSpan((dot + 1)..equals).SequenceEqual("alias"))
            {
                _builtinAliases.Add(record[(equals + 1)..], record[..dot]);
            }
        }
    }
}
