namespace Rootcast.Images.Sources.Apt;

/// <summary>An archive that apt knows: a line of a <c>.list</c> or a stanza of a <c>.sources</c> (sources.list(5)).</summary>
public sealed record AptEntry
{
    /// <summary>Where the archive is.</summary>
    public required IReadOnlyList<string> Uris { get; init; }

    /// <summary>Its suites; one that ends in <c>/</c> is a path of a flat archive.</summary>
    public required IReadOnlyList<string> Suites { get; init; }

    /// <summary>Its components; none for a flat archive.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    /// <summary>Architectures; none means those of dpkg.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary>Keyring files or fingerprints, or an armoured key itself; null for apt's own trust.</summary>
    public string? SignedBy { get; init; }

    /// <summary>Whether it is taken without a signature.</summary>
    public bool Trusted { get; init; }

    /// <summary>Whether <see cref="SignedBy"/> is a key itself, which only a stanza can hold.</summary>
    public bool HasEmbeddedKey => SignedBy?.Contains("BEGIN PGP", StringComparison.Ordinal) == true;

    /// <summary>As lines of a <c>.list</c>: one a URI and suite. The key is left out where it is embedded.</summary>
    public IEnumerable<string> ToLines()
    {
        List<string> options = [];
        if (Architectures.Count > 0)
        {
            options.Add($"arch={string.Join(',', Architectures)}");
        }
        if (SignedBy is not null && !HasEmbeddedKey)
        {
            options.Add($"signed-by={string.Join(',', SignedBy.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
        }
        if (Trusted)
        {
            options.Add("trusted=yes");
        }
        string bracket = options.Count > 0 ? $"[{string.Join(' ', options)}] " : "";
        return from uri in Uris from suite in Suites select $"deb {bracket}{uri} {string.Join(' ', Components.Prepend(suite))}";
    }

    /// <summary>As a stanza of a <c>.sources</c>.</summary>
    public string ToStanza()
    {
        List<string> lines =
        [
            "Types: deb",
            $"URIs: {string.Join(' ', Uris)}",
            $"Suites: {string.Join(' ', Suites)}",
            .. Line("Components", string.Join(' ', Components)),
            .. Line("Architectures", string.Join(' ', Architectures)),
            .. Line("Trusted", Trusted ? "yes" : ""),
            // An embedded key begins on a line of its own; its lines are indented already, as they were read.
            .. Line("Signed-By", HasEmbeddedKey ? "\n" + SignedBy : SignedBy ?? ""),
        ];
        return string.Join('\n', lines) + "\n";

        static IEnumerable<string> Line(string name, string value) => value.Length > 0 ? [$"{name}: {value}"] : [];
    }
}
