namespace Rootcast.Cli.Host;

/// <summary>What apt offers of a package.</summary>
/// <param name="Suite">The suite: <c>bookworm-backports</c>.</param>
/// <param name="Version">Upstream's version, without epoch and revision.</param>
internal sealed record PackageOffer(string Suite, Version Version)
{
    /// <summary>Reads what <c>apt-cache madison</c> prints: <c>package | 1:10.0.2+ds-2 | http://mirror/debian bookworm-backports/main amd64 Packages</c>.</summary>
    public static IReadOnlyList<PackageOffer> Parse(string madison)
    {
        List<PackageOffer> offers = [];
        foreach (string line in madison.Split('\n'))
        {
            string[] fields = line.Split('|', StringSplitOptions.TrimEntries);
            if (fields.Length == 3 && Upstream(fields[1]) is { } version && fields[2].Split(' ') is [_, var place, ..])
            {
                offers.Add(new PackageOffer(place.Split('/')[0], version));
            }
        }
        return offers;
    }

    private static Version? Upstream(string text)
    {
        string version = text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
        int end = version.AsSpan().IndexOfAnyExcept("0123456789.");
        return Version.TryParse((end < 0 ? version : version[..end]).TrimEnd('.'), out Version? parsed) ? parsed : null;
    }
}
