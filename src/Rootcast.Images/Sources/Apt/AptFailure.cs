using Rootcast.Contract;
using Rootcast.Images.Recipes;

namespace Rootcast.Images.Sources.Apt;

/// <summary>What apt says when a recipe asks for something that is not there, in the recipe's terms.</summary>
internal static class AptFailure
{
    /// <summary>The error, or null when apt says nothing that is known.</summary>
    internal static UserError? Explain(string errors, DebianSource source)
    {
        foreach (
            string line in errors.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("E: ", StringComparison.Ordinal))
        )
        {
            if (MissingPackage(line) is { } unknown)
            {
                return RecipeError.At(
                    PlaceOf(source, unknown),
                    $"there is no package '{unknown}' in {source.Suite}",
                    "Check the spelling, and whether another component (contrib, non-free-firmware) or an extra source has it."
                );
            }
            if (line.Contains(" for '", StringComparison.Ordinal) && line.EndsWith("was not found", StringComparison.Ordinal))
            {
                string package = line[(line.IndexOf(" for '", StringComparison.Ordinal) + 6)..].Split('\'')[0];
                return RecipeError.At(
                    PlaceOf(source, package),
                    $"{line[3..]} in {source.Suite}",
                    "Name a version or suite that the archive has."
                );
            }
            if (
                line.Contains("unmet dependencies", StringComparison.Ordinal)
                || line.Contains("held broken packages", StringComparison.Ordinal)
            )
            {
                return new UserError(
                    $"the packages do not fit together in {source.Suite}:\n{Dependencies(errors)}",
                    "Take one of them out, or add the archive that has what they depend on.",
                    UserErrorKind.Input
                );
            }
            if (line.Contains("is not signed", StringComparison.Ordinal) || errors.Contains("NO_PUBKEY", StringComparison.Ordinal))
            {
                return new UserError(
                    $"an archive is not signed by a key that is trusted: {line[3..]}",
                    "Name its key by 'keys' in the recipe, or by signed-by in its line.",
                    UserErrorKind.Input
                );
            }
        }
        return null;
    }

    private static RecipePlace PlaceOf(DebianSource source, string package) =>
        source
            .Packages.Where(text => text.Value.Split([':', '=', '/'])[0] == package.Split(':')[0])
            .Select(text => (RecipePlace?)text.Place)
            .FirstOrDefault()
        ?? source.Suite.Place;

    private static string? MissingPackage(string line)
    {
        const string unable = "E: Unable to locate package ";
        if (line.StartsWith(unable, StringComparison.Ordinal))
        {
            return line[unable.Length..];
        }
        bool isOther =
            line.StartsWith("E: Couldn't find any package", StringComparison.Ordinal)
            || line.EndsWith("has no installation candidate", StringComparison.Ordinal);
        return isOther ? Quoted(line) : null;
    }

    private static string? Quoted(string line) => line.Split('\'') is [_, var name, ..] ? name : null;

    private static string Dependencies(string errors) =>
        string.Join('\n', errors.Split('\n').Where(line => line.StartsWith(' ') && line.Contains(" : ", StringComparison.Ordinal)).Take(8));
}
