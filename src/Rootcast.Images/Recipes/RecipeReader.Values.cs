using System.Globalization;

namespace Rootcast.Images.Recipes;

internal sealed partial class RecipeReader
{
    private const int LongestPath = 4095;

    /// <summary>A path on this host, made absolute by the recipe's directory.</summary>
    private string HostPath(RecipeText text)
    {
        if (text.Value.Length > LongestPath || text.Value.Contains('\0', StringComparison.Ordinal))
        {
            throw RecipeError.At(text.Place, "this is no path", "A path has at most 4095 bytes and no NUL.");
        }
        string directory = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/";
        return Path.GetFullPath(text.Value, directory);
    }

    /// <summary>An absolute path in a tree, without <c>.</c>, <c>..</c>, doubled or trailing slashes.</summary>
    private static RecipeText TreePath(RecipeText text)
    {
        string[] parts = text.Value.Split('/', StringSplitOptions.RemoveEmptyEntries);
        bool good =
            text.Value[0] == '/'
            && text.Value.Length <= LongestPath
            && !text.Value.Contains('\0', StringComparison.Ordinal)
            && text.Value[^1] != '/'
            && parts.All(part => part.Length <= 255 && part is not ("." or ".."));
        return good
            ? text with
            {
                Value = "/" + string.Join('/', parts),
            }
            : throw RecipeError.At(
                text.Place,
                $"'{RecipeError.Show(text.Value)}' is no file's path in a tree",
                "Start it with '/', without '.' and '..', and end it with the file's name."
            );
    }

    private static int ReadMode(RecipeText text)
    {
        string digits = text.Value.StartsWith("0o", StringComparison.Ordinal) ? text.Value[2..] : text.Value;
        bool isOctal = digits.Length is > 0 and <= 5 && !digits.AsSpan().ContainsAnyExceptInRange('0', '7');
        int mode = isOctal ? Convert.ToInt32(digits, 8) : int.MaxValue;
        return mode <= 0xFFF
            ? mode
            : throw RecipeError.At(
                text.Place,
                $"'{RecipeError.Show(text.Value)}' is no mode",
                "Write it in octal, as chmod takes it: 0755."
            );
    }

    private static uint ReadId(RecipeText text)
    {
        if (text.Value == "root")
        {
            return 0;
        }
        // uint.MaxValue means "leave it" to chown(2).
        return uint.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && id != uint.MaxValue
            ? id
            : throw RecipeError.At(
                text.Place,
                $"'{RecipeError.Show(text.Value)}' is no user or group id",
                "Write the number (or root): the names of the tree are not those of this host."
            );
    }

    private static void RequireKnown(IReadOnlyList<RecipeText> texts, IReadOnlyList<string> known, string what)
    {
        foreach (RecipeText text in texts)
        {
            if (!known.Contains(text.Value, StringComparer.Ordinal))
            {
                throw RecipeError.At(
                    text.Place,
                    $"there is no {what} '{RecipeError.Show(text.Value)}'",
                    NearestName.Of(text.Value, known) is { } nearest
                        ? $"Did you mean '{nearest}'?"
                        : $"Known are {string.Join(", ", known)}."
                );
            }
        }
    }
}
