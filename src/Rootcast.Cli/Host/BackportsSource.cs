using Rootcast.Images.Sources.Apt;

namespace Rootcast.Cli.Host;

/// <summary>The apt source of a suite's backports on the mirror that the host itself uses.</summary>
internal static class BackportsSource
{
    /// <summary>Where it is written.</summary>
    public const string Path = "/etc/apt/sources.list.d/rootcast-backports.sources";

    /// <summary>The stanza, or null when none of the host's archives has the suite.</summary>
    public static string? For(string suite, IReadOnlyList<AptEntry> archives)
    {
        AptEntry? own = archives.FirstOrDefault(archive => archive.Suites.Contains(suite) && archive.Components.Contains("main"));
        if (own is null)
        {
            return null;
        }
        string stanza = $"""
            # Written by 'rootcast try': a QEMU whose timings can be trusted, from the mirror that this host uses anyway.
            Types: deb
            URIs: {own.Uris[0]}
            Suites: {suite}-backports
            Components: main

            """;
        return own.SignedBy is null ? stanza : $"{stanza}Signed-By:{Value(own)}\n";
    }

    private static string Value(AptEntry own)
    {
        if (!own.HasEmbeddedKey)
        {
            return " " + own.SignedBy!.Trim();
        }
        // deb822: what goes on over several lines is indented, and an empty line is a dot.
        IEnumerable<string> lines = own.SignedBy!.Trim().Split('\n').Select(line => line.Trim() is { Length: > 0 } text ? text : ".");
        return "\n " + string.Join("\n ", lines);
    }
}
