namespace Rootcast.Images.Cpio;

/// <summary>An archive to make.</summary>
public sealed record CpioRequest : CpioWriting
{
    /// <summary>Names of what goes into it, see <see cref="CpioNames"/>.</summary>
    public required IReadOnlyList<SourceName> Names { get; init; }

    /// <summary>The archive. One that is there is replaced when the new one is complete and synced.</summary>
    public required string Output { get; init; }

    /// <summary>The directory that relative names start at.</summary>
    public string Directory { get; init; } = ".";

    /// <summary>Modification time of every entry in seconds since 1970; null keeps them.</summary>
    public long? ModifiedSeconds { get; init; }

    /// <summary>Later modification times become this one (SOURCE_DATE_EPOCH); null for no bound.</summary>
    public long? LatestModifiedSeconds { get; init; }
}
