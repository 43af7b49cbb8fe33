namespace Rootcast.Images.Tools;

/// <summary>Words as a POSIX shell reads them.</summary>
public static class ShellQuoting
{
    private const string Plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";

    /// <summary>The word itself when it needs no quotes, else in single quotes.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Plain) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
