using Rootcast.Linux.Files;

namespace Rootcast.Images.Cpio;

/// <summary>How an archive is written.</summary>
public record CpioWriting
{
    /// <summary>Data of files of at least that many bytes starts at a multiple of it: a multiple of 4; 0 for none. Null for the block of the output's file
    /// system where extents may be shared (XFS, Btrfs), else none.</summary>
    public int? Alignment { get; init; }

    /// <summary>Whether extents are shared.</summary>
    public ReflinkMode Reflink { get; init; }

    /// <summary>Whether nobody but its owner may read the archive, because it holds keys.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>What moves the data.</summary>
    public DataMover Mover { get; init; } = DataMover.Kernel;
}
