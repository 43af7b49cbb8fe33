using Rootcast.Linux.Mounts;

namespace Rootcast.Lab.Footprints;

/// <summary>How a survey is made.</summary>
public sealed record FootprintOptions
{
    /// <summary>Which file systems are walked to ask about each file; all that lie on this machine. Where none is, page cache of files is one row.</summary>
    public Func<MountedFileSystem, bool> Walks { get; init; } = _ => true;

    /// <summary>False to leave cachestat(2) aside.</summary>
    public bool UseCacheStat { get; init; } = true;
}
