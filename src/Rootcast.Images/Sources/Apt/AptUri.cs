namespace Rootcast.Images.Sources.Apt;

/// <summary>URIs of archives.</summary>
internal static class AptUri
{
    private static readonly string[] Schemes =
    [
        "http",
        "https",
        "file",
        "copy",
        "ftp",
        "mirror",
        "mirror+http",
        "mirror+https",
        "mirror+file",
    ];

    /// <summary>Whether apt can read an archive there, and it is one word.</summary>
    internal static bool IsValid(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            && Schemes.Contains(text[..colon], StringComparer.Ordinal)
            && text.Length > colon + 2
            && text[colon + 1] == '/'
            && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '[' or ']' or '#');
    }
}
