namespace Rootcast.Init.Carriers;

/// <summary>How patient a fetch is, and whom it trusts.</summary>
public sealed record HttpFetchLimits
{
    /// <summary>For a connection to be made.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For the next byte to come; a longer silence is a stall, and the fetch goes on over another connection.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many attempts one after another may bring nothing new. One that brought bytes does not count.</summary>
    public int AttemptsWithoutProgress { get; init; } = 8;

    /// <summary>Before the second attempt; each further pause is twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>No pause of ours is longer.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(16);

    /// <summary>Authorities by which a server is judged where the URL is https, PEM.</summary>
    public ReadOnlyMemory<byte> Authorities { get; init; }

    /// <summary>How long a server may say that others come first (429 or 503 with Retry-After), without a byte in between.</summary>
    public TimeSpan LongestTurn { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often the log says that it still waits for its turn.</summary>
    public TimeSpan TurnSaid { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A server's Retry-After counts up to this.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromSeconds(60);
}
