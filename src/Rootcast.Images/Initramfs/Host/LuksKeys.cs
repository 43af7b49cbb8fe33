using Rootcast.Contract;

namespace Rootcast.Images.Initramfs;

/// <summary>How the encrypted layers of a root are opened: what /etc/crypttab says of them, and the key files that it names.</summary>
internal sealed class LuksKeys
{
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);
    private readonly List<InitramfsReason> _files = [];
    private readonly List<string> _notes = [];

    private LuksKeys() { }

    /// <summary>The key files that are packed.</summary>
    public IReadOnlyList<InitramfsReason> Files => _files;

    /// <summary>What will be otherwise than before, for people.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Looks the layers up.</summary>
    /// <param name="layers">All of the root's.</param>
    /// <param name="sys">Where /etc/crypttab and the key files are.</param>
    /// <param name="withKeys">Whether key files are packed. Else the passphrase is asked for, which is told where a key file is named.</param>
    /// <exception cref="UserError">A key file can't be packed; or a header is elsewhere.</exception>
    public static LuksKeys Of(IReadOnlyList<StackLayer> layers, SysTree sys, bool withKeys)
    {
        LuksKeys keys = new();
        string crypttab = sys.Text("/etc/crypttab") ?? "";
        foreach (StackLayer layer in layers.Where(layer => layer.Program == "cryptsetup"))
        {
            if (CrypttabLine.Find(crypttab, layer.Name) is { } line)
            {
                keys.Add(line, layer, sys, withKeys);
            }
        }
        return keys;
    }

    /// <summary>A layer's step with what is known of its key.</summary>
    public string StepOf(StackLayer layer) => layer.Step + _options.GetValueOrDefault(layer.Step);

    private void Add(CrypttabLine line, StackLayer layer, SysTree sys, bool withKeys)
    {
        string options = line.Discards ? ":discard" : "";
        if (line.OtherKey is { } other)
        {
            _notes.Add($"/etc/crypttab opens {line.Name} by {other}, which /init does not: the passphrase will be asked for");
        }
        else if (line.KeyFile is { } key && !withKeys)
        {
            _notes.Add(
                $"/etc/crypttab opens {line.Name} with {key}, which is not packed: the passphrase will be asked for (--luks-keys packs it)"
            );
        }
        else if (line.KeyFile is { } packed)
        {
            options += $":key={Require(packed, line.Name, sys)}";
            _files.Add(new InitramfsReason(packed, $"/etc/crypttab opens {line.Name} with it", null));
        }
        _options[layer.Step] = options;
    }

    private static string Require(string key, string name, SysTree sys) =>
        !key.StartsWith('/') || key.IndexOfAny([':', ',', '"']) >= 0 || key.StartsWith("/dev/", StringComparison.Ordinal) || !sys.Has(key)
            ? throw new UserError(
                $"The key file {key}, with which /etc/crypttab opens {name}, cannot be packed: only a file of the root with no ':', ',' or '\"' in its path.",
                "Move it and say so in /etc/crypttab, or leave out --luks-keys: then the passphrase is asked for.",
                UserErrorKind.Input
            )
            : key;
}
