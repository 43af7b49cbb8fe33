namespace Rootcast.Server.Http;

/// <summary>The URL paths of blobs: <c>/blobs/sha256/HEX</c>.</summary>
public static class BlobPath
{
    private const string Prefix = "/blobs/sha256/";
    private const int HexLength = 64;

    /// <summary>The path of a blob.</summary>
    /// <param name="digest"><c>sha256:HEX</c>.</param>
    public static string Of(string digest) => "/blobs/" + digest.Replace(':', '/');

    /// <summary>The hexadecimal digits of a blob's path. Repeated slashes count as one, since boot firmware writes them; null for every other
    /// path.</summary>
    public static string? Hex(string path)
    {
        string clean = path;
        while (clean.Contains("//", StringComparison.Ordinal))
        {
            clean = clean.Replace("//", "/", StringComparison.Ordinal);
        }
        if (!clean.StartsWith(Prefix, StringComparison.Ordinal) || clean.Length != Prefix.Length + HexLength)
        {
            return null;
        }
        string hex = clean[Prefix.Length..];
        return hex.AsSpan().ContainsAnyExcept("0123456789abcdef") ? null : hex;
    }
}
