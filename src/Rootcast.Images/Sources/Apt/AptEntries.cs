namespace Rootcast.Images.Sources.Apt;

/// <summary>Reads what apt's sources say, in both of its formats (sources.list(5)). Sources of source packages and disabled ones are left
/// out.</summary>
public static class AptEntries
{
    /// <summary>Those of a host's apt.</summary>
    /// <param name="directory"><c>/etc/apt</c>.</param>
    public static IReadOnlyList<AptEntry> OfHost(string directory = "/etc/apt")
    {
        List<AptEntry> entries = [];
        string parts = Path.Combine(directory, "sources.list.d");
        string[] more = Directory.Exists(parts) ? Directory.GetFiles(parts) : [];
        foreach (string file in more.Order(StringComparer.Ordinal).Prepend(Path.Combine(directory, "sources.list")))
        {
            bool isDeb822 = file.EndsWith(".sources", StringComparison.Ordinal);
            if (File.Exists(file) && (isDeb822 || file.EndsWith(".list", StringComparison.Ordinal)))
            {
                try
                {
                    entries.AddRange(Parse(File.ReadAllText(file), isDeb822));
                }
                catch (Exception error) when (error is InvalidDataException or UnauthorizedAccessException)
                {
                    // What one file of the host says badly must not stop a build that takes another archive; apt itself complains about it.
                    continue;
                }
            }
        }
        return entries;
    }

    /// <summary>Whether a text is stanzas rather than lines.</summary>
    public static bool LooksLikeDeb822(string text) =>
        text.Split('\n').FirstOrDefault(line => line.Trim().Length > 0 && line[0] != '#') is { } first
        && first.IndexOf(':', StringComparison.Ordinal) is var colon and > 0
        && !first.AsSpan(0, colon).ContainsAny(" \t[");

    /// <summary>Reads a text.</summary>
    /// <exception cref="InvalidDataException">With the line and what is wrong with it.</exception>
    public static IReadOnlyList<AptEntry> Parse(string text, bool isDeb822) => isDeb822 ? ParseStanzas(text) : ParseLines(text);

    private static List<AptEntry> ParseLines(string text)
    {
        List<AptEntry> entries = [];
        int number = 0;
        foreach (string raw in text.Split('\n'))
        {
            number++;
            string line = raw.Split('#')[0].Trim();
            if (line.Length == 0)
            {
                continue;
            }
            string type = line.Split([' ', '\t', '['])[0];
            if (type is not ("deb" or "deb-src"))
            {
                throw new InvalidDataException($"line {number} begins with '{type}', not with deb");
            }
            if (type == "deb")
            {
                entries.Add(ParseLine(line[type.Length..].Trim(), number));
            }
        }
        return entries;
    }

    private static AptEntry ParseLine(string rest, int number)
    {
        Dictionary<string, string> options = new(StringComparer.Ordinal);
        if (rest.StartsWith('['))
        {
            int close = rest.IndexOf(']', StringComparison.Ordinal);
            if (close < 0)
            {
                throw new InvalidDataException($"line {number} has a '[' without its ']'");
            }
            foreach (string option in Words(rest[1..close]))
            {
                int equals = option.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0)
                {
                    throw new InvalidDataException($"line {number}: the option '{option}' has no value");
                }
                options[option[..equals].TrimEnd('+', '-')] = option[(equals + 1)..];
            }
            rest = rest[(close + 1)..];
        }
        string[] words = Words(rest);
        if (words.Length < 2 || !AptUri.IsValid(words[0]))
        {
            throw new InvalidDataException($"line {number} is not 'deb URI SUITE COMPONENT'");
        }
        if (words.Length == 2 && !words[1].EndsWith('/'))
        {
            throw new InvalidDataException($"line {number} names no component");
        }
        return new AptEntry
        {
            Uris = [words[0]],
            Suites = [words[1]],
            Components = words[2..],
            Architectures = options.GetValueOrDefault("arch")?.Split(',') ?? [],
            SignedBy = options.GetValueOrDefault("signed-by")?.Replace(',', ' '),
            Trusted = IsYes(options.GetValueOrDefault("trusted")),
        };
    }

    private static List<AptEntry> ParseStanzas(string text)
    {
        List<AptEntry> entries = [];
        foreach (Dictionary<string, string> stanza in Stanzas(text))
        {
            bool isBinary = Words(stanza.GetValueOrDefault("types", "")).Contains("deb", StringComparer.Ordinal);
            if (!stanza.ContainsKey("types"))
            {
                throw new InvalidDataException("a stanza has no Types");
            }
            if (!isBinary || stanza.GetValueOrDefault("enabled") is "no" or "false" or "0")
            {
                continue;
            }
            string[] uris = Words(stanza.GetValueOrDefault("uris", ""));
            string[] suites = Words(stanza.GetValueOrDefault("suites", ""));
            string[] components = Words(stanza.GetValueOrDefault("components", ""));
            if (uris.Length == 0 || suites.Length == 0 || Array.Exists(uris, uri => !AptUri.IsValid(uri)))
            {
                throw new InvalidDataException("a stanza needs URIs and Suites");
            }
            if (components.Length == 0 && Array.Exists(suites, suite => !suite.EndsWith('/')))
            {
                throw new InvalidDataException("a stanza has no Components");
            }
            entries.Add(
                new AptEntry
                {
                    Uris = uris,
                    Suites = suites,
                    Components = components,
                    Architectures = Words(stanza.GetValueOrDefault("architectures", "")),
                    SignedBy = stanza.GetValueOrDefault("signed-by") is { Length: > 0 } signedBy ? signedBy : null,
                    Trusted = IsYes(stanza.GetValueOrDefault("trusted")),
                }
            );
        }
        return entries;
    }

    /// <summary>deb822(5): fields in any letter case, values over lines that begin with white space, stanzas apart by empty lines.</summary>
    internal static IEnumerable<Dictionary<string, string>> Stanzas(string text)
    {
        Dictionary<string, List<string>> stanza = new(StringComparer.OrdinalIgnoreCase);
        List<string>? last = null;
        foreach (string raw in text.Split('\n').Append(""))
        {
            string line = raw.TrimEnd();
            if (line.Length == 0)
            {
                if (stanza.Count > 0)
                {
                    yield return stanza.ToDictionary(
                        pair => pair.Key,
                        pair => string.Join('\n', pair.Value).TrimStart('\n'),
                        StringComparer.OrdinalIgnoreCase
                    );
                    stanza.Clear();
                }
                last = null;
            }
            else if (line[0] is ' ' or '\t')
            {
                (last ?? throw new InvalidDataException("a line continues nothing")).Add(line);
            }
            else if (line[0] != '#')
            {
                int colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon <= 0)
                {
                    throw new InvalidDataException("a line is no field");
                }
                last = [line[(colon + 1)..].Trim()];
                stanza[line[..colon].Trim()] = last;
            }
        }
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static bool IsYes(string? text) => text is "yes" or "true" or "1";
}
