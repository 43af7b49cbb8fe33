namespace Rootcast.Server.Http;

/// <summary>The URL paths of blobs: <c>/blobs/sha256/HEX</c>.</summary>
public static class BlobPath
{
    /// <summary>What the path of every blob begins with.</summary>
    public const string Prefix = "/blobs/sha256/";

    private const int HexLength = 64;

    /// <summary>The path of a blob.</summary>
    /// <param name="digest"><c>sha256:HEX</c>.</param>
    public static string Of(string digest) => "/blobs/" + digest.Replace(':', '/');

    /// <summary>The hexadecimal digits of a blob's path; null for every other path.</summary>
    public static string? Hex(string path)
    {
        if (!path.StartsWith(Prefix, StringComparison.Ordinal) || path.Length != Prefix.Length + HexLength)
        {
            return null;
        }
        string hex = path[Prefix.Length..];
        return hex.AsSpan().ContainsAnyExcept("0123456789abcdef") ? null : hex;
    }
}
