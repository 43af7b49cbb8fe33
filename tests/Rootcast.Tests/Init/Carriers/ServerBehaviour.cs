namespace Rootcast.Tests;

/// <summary>What a <see cref="FaultyServer"/> does with one connection; without anything set it is a good server.</summary>
internal sealed record ServerBehaviour
{
    public int Status { get; init; } = 200;

    /// <summary>Closes after so many bytes of content.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Sends nothing more after so many bytes of content, and keeps the connection.</summary>
    public int? StallAfter { get; init; }

    /// <summary>Closes without an answer.</summary>
    public bool HangsUp { get; init; }

    public bool IgnoresRange { get; init; }

    public bool IsChunked { get; init; }

    /// <summary>Tells this length instead of the right one.</summary>
    public int? ToldLength { get; init; }

    /// <summary>Tells no length: the content ends with the connection.</summary>
    public bool TellsNoLength { get; init; }

    /// <summary>Flips a bit of this byte.</summary>
    public int? FlipAt { get; init; }

    /// <summary>Shifts the range that it tells (and not the content) by so many bytes.</summary>
    public int RangeShift { get; init; }

    public string? Location { get; init; }

    public string? Header { get; init; }
}
