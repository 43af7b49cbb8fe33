namespace Rootcast.Server.Content;

/// <summary>What somebody asks for, by whichever protocol.</summary>
public sealed record ContentRequest
{
    /// <summary>Absolute path; slashes stand alone.</summary>
    public required string Path { get; init; }

    /// <summary>Where the asking machine reaches the HTTP server: <c>10.0.0.1:8080</c>.</summary>
    public required string Authority { get; init; }

    /// <summary>How it was asked: <c>http</c> or <c>https</c>.</summary>
    public string Scheme { get; init; } = "http";

    /// <summary>Where the asking machine reaches this server by HTTPS; null where it does not listen.</summary>
    public string? SecureAuthority { get; init; }

    /// <summary>The address that asks; empty where nobody needs it.</summary>
    public string Client { get; init; } = "";

    /// <summary>What follows the question mark; empty where the protocol has none.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A path as boot firmware writes it: without the slash in front, or with several where one is meant.</summary>
    public static string Clean(string path)
    {
        string clean = path.StartsWith('/') ? path : "/" + path;
        while (clean.Contains("//", StringComparison.Ordinal))
        {
            clean = clean.Replace("//", "/", StringComparison.Ordinal);
        }
        return clean;
    }

    /// <summary>Whether a text can be name or address with a port, and nothing that would mean more in a script or on a kernel's command line.</summary>
    public static bool IsAuthority(string text) =>
        text.Length is > 0 and <= 255
        && !text.AsSpan().ContainsAnyExcept("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_:[]");
}
