namespace Rootcast.Protocols.Http;

/// <summary>Bounds of what a server may send around its content.</summary>
public static class HttpLayout
{
    /// <summary>Bytes of the longest response head, its empty line included.</summary>
    public const int LongestHead = 16 * 1024;

    /// <summary>Bytes of the longest chunk-size line, its extensions included.</summary>
    public const int LongestChunkLine = 1024;

    /// <summary>How many redirects a client follows.</summary>
    public const int MostRedirects = 5;
}
