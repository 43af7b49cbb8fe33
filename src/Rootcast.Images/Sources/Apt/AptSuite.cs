using Rootcast.Images.Recipes;

namespace Rootcast.Images.Sources.Apt;

/// <summary>One suite of one archive that a tree is made from.</summary>
/// <param name="Entry">The entry, with one URI and one suite.</param>
/// <param name="Place">Where the recipe names it.</param>
/// <param name="IsOptional">Whether it is left out when the archive has no such suite: updates and security of a suite that may have none.</param>
internal sealed record AptSuite(AptEntry Entry, RecipePlace Place, bool IsOptional)
{
    /// <summary>Its directory in the archive.</summary>
    internal string Address =>
        Entry.Suites[0].EndsWith('/')
            ? $"{Entry.Uris[0].TrimEnd('/')}/{Entry.Suites[0].TrimStart('/')}"
            : $"{Entry.Uris[0].TrimEnd('/')}/dists/{Entry.Suites[0]}/";
}
