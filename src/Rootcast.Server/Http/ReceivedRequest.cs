namespace Rootcast.Server.Http;

/// <summary>A request that may bring something, and is answered by more than its path.</summary>
public sealed record ReceivedRequest
{
    /// <summary><c>GET</c>, <c>POST</c>, …</summary>
    public required string Method { get; init; }

    /// <summary>Absolute path; slashes stand alone.</summary>
    public required string Path { get; init; }

    /// <summary>What follows the question mark.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The token of <c>Authorization: Bearer</c>; null when there is none.</summary>
    public string? Token { get; init; }

    /// <summary>The cookie of a browser that is signed in; null when there is none.</summary>
    public string? Session { get; init; }

    /// <summary>What a page of ours sends beside the cookie, and no other page can know; null when there is none.</summary>
    public string? Proof { get; init; }

    /// <summary>Whether no page of another origin had a browser send this.</summary>
    public bool IsOwnOrigin { get; init; } = true;

    /// <summary>Who asks.</summary>
    public required string Client { get; init; }

    /// <summary>Whether it came by HTTPS.</summary>
    public bool IsSecure { get; init; }

    /// <summary>What it brings.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }
}
