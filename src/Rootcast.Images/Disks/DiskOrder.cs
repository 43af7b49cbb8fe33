using Rootcast.Contract;
using Rootcast.Images.Boot;

namespace Rootcast.Images.Disks;

/// <summary>What is to be written where.</summary>
public sealed record DiskOrder
{
    /// <summary>The image.</summary>
    public required ImageManifest Image { get; init; }

    /// <summary>Form, kernel and further arguments; carrier <c>disk</c>, whose device is the partition that is made.</summary>
    public required BootRequest Boot { get; init; }

    /// <summary>Where it goes.</summary>
    public required DiskTarget Target { get; init; }

    /// <summary>Which of the artefact's disks it gets, from 0.</summary>
    public int Disk { get; init; }

    /// <summary>Size of the disk image in bytes; null for what a file has already, else for what is needed. Disks have theirs.</summary>
    public long? FileBytes { get; init; }

    /// <summary>Time of what has none of its own, in seconds since 1970.</summary>
    public long Epoch { get; init; }
}
