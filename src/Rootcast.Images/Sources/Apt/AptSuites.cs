using Rootcast.Images.Recipes;

namespace Rootcast.Images.Sources.Apt;

/// <summary>Which archives a Debian tree is made from: those that the recipe names, else those of the host's apt.</summary>
internal static class AptSuites
{
    private static readonly string[] Additions = ["-updates", "-security"];

    /// <summary>The suites, the main one first.</summary>
    /// <param name="source">What the recipe says.</param>
    /// <param name="host">What the host's apt knows.</param>
    internal static IReadOnlyList<AptSuite> Choose(DebianSource source, IReadOnlyList<AptEntry> host)
    {
        List<AptSuite> chosen = [];
        if (source.Mirror is { } mirror)
        {
            AptEntry entry = new()
            {
                Uris = [mirror.Value],
                Suites = [source.Suite.Value],
                Components = source.Components,
            };
            chosen.Add(new AptSuite(entry, source.Suite.Place, IsOptional: false));
            chosen.Add(new AptSuite(entry with { Suites = [source.Suite.Value + "-updates"] }, mirror.Place, IsOptional: true));
        }
        else
        {
            chosen.AddRange(OfHost(source, host));
        }
        foreach (RecipeText extra in source.ExtraSources)
        {
            foreach (AptEntry entry in AptEntries.Parse(extra.Value, AptEntries.LooksLikeDeb822(extra.Value)))
            {
                chosen.AddRange(Single(entry).Select(one => new AptSuite(one, extra.Place, IsOptional: false)));
            }
        }
        return chosen;
    }

    private static IEnumerable<AptSuite> OfHost(DebianSource source, IReadOnlyList<AptEntry> host)
    {
        string suite = source.Suite.Value;
        List<AptEntry> singles = [.. host.SelectMany(Single).Where(entry => entry.Components.Contains("main", StringComparer.Ordinal))];
        if (Best(singles, suite) is { } exact)
        {
            yield return Suite(exact, suite, isOptional: false);
            foreach (string addition in Additions)
            {
                if (Best(singles, suite + addition) is { } more)
                {
                    yield return Suite(more, suite + addition, isOptional: true);
                }
            }
            yield break;
        }
        // Another suite than the host's: the host's archives have it where the host's own suite is.
        AptEntry? archive = singles.Where(IsDebian).FirstOrDefault(entry => !entry.Suites[0].AsSpan().ContainsAny("-/"));
        if (archive is null)
        {
            throw RecipeError.At(
                source.Suite.Place,
                $"this host's apt knows no Debian archive to take {suite} from",
                "Name one in the recipe, beside 'suite':  mirror: http://HOST/debian"
            );
        }
        yield return Suite(archive, suite, isOptional: false);
        foreach (string addition in Additions)
        {
            if (singles.Where(IsDebian).FirstOrDefault(entry => entry.Suites[0] == archive.Suites[0] + addition) is { } more)
            {
                yield return Suite(more, suite + addition, isOptional: true);
            }
        }

        AptSuite Suite(AptEntry entry, string name, bool isOptional) =>
            new(entry with { Suites = [name], Components = source.Components, Architectures = [] }, source.Suite.Place, isOptional);
    }

    /// <summary>Other vendors name their suites after Debian's; Debian's key or path tells it apart.</summary>
    private static AptEntry? Best(List<AptEntry> entries, string suite)
    {
        AptEntry[] matching = [.. entries.Where(entry => entry.Suites[0] == suite)];
        return Array.Find(matching, IsDebian) ?? matching.FirstOrDefault();
    }

    private static bool IsDebian(AptEntry entry) =>
        entry.SignedBy?.Contains("debian-archive", StringComparison.Ordinal) == true
        || (entry.SignedBy is null && entry.Uris[0].Contains("debian", StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<AptEntry> Single(AptEntry entry) =>
        from uri in entry.Uris
        from suite in entry.Suites
        select entry with
        {
            Uris = [uri],
            Suites = [suite],
        };
}
