using Rootcast.Contract;

namespace Rootcast.Images.Recipes;

/// <summary>Errors that point into a recipe.</summary>
public static class RecipeError
{
    /// <summary><c>FILE:LINE:COLUMN: message</c>.</summary>
    public static UserError At(RecipePlace place, string message, string hint, Exception? cause = null) =>
        new($"{place}: {message}", hint, UserErrorKind.Input, cause);

    /// <summary>A part of the recipe's text as a message shows it: on one line, printable, not long.</summary>
    internal static string Show(string text)
    {
        const int most = 60;
        string cut = text.Length > most ? string.Concat(text.AsSpan(0, most), "…") : text;
        return string.Concat(cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }
}
