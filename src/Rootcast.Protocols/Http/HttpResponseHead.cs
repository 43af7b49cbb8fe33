namespace Rootcast.Protocols.Http;

/// <summary>Status line and headers of a response, as far as a fetch needs them.</summary>
public sealed record HttpResponseHead
{
    /// <summary>100 to 599.</summary>
    public required int Status { get; init; }

    /// <summary>What the server says beside the number; printable ASCII, may be empty.</summary>
    public required string Reason { get; init; }

    /// <summary>Bytes of content that follow; null when it is not told, or the content is in chunks.</summary>
    public long? ContentLength { get; init; }

    /// <summary>Whether the content comes in chunks (see <see cref="HttpChunkReader"/>).</summary>
    public bool IsChunked { get; init; }

    /// <summary>Which part of the whole follows.</summary>
    public HttpContentRange? ContentRange { get; init; }

    /// <summary>The ETag when it is strong, with its quotes: only such a one holds for bytes (RFC 9110 section 8.8.1).</summary>
    public string? StrongTag { get; init; }

    /// <summary>Where a redirect leads.</summary>
    public string? Location { get; init; }

    /// <summary>Retry-After in seconds; null when it is absent or a date, which means little to a machine whose clock is not set.</summary>
    public long? RetryAfterSeconds { get; init; }

    /// <summary>Content-Encoding, unless it is <c>identity</c>: the content is not the artefact's own bytes.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>301, 302, 303, 307 or 308.</summary>
    public bool IsRedirect => Status is 301 or 302 or 303 or 307 or 308;

    /// <summary>1xx: the real answer is still to come.</summary>
    public bool IsInterim => Status < 200;

    /// <inheritdoc/>
    public override string ToString() => Reason.Length == 0 ? $"{Status}" : $"{Status} {Reason}";
}
