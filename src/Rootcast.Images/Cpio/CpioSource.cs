using Rootcast.Formats;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Cpio;

/// <summary>A node that goes into an archive.</summary>
/// <param name="Path">Its name there.</param>
/// <param name="OpenPath">What it is opened by, from the directory that names start at.</param>
/// <param name="Status">What it was when it was looked at first.</param>
internal sealed record CpioSource(UnixPath Path, ReadOnlyMemory<byte> OpenPath, FileStatus Status)
{
    /// <summary>What a symbolic link says.</summary>
    public UnixPath Target { get; init; }

    /// <summary>Further names of the same file, sorted.</summary>
    public List<UnixPath>? Links { get; set; }

    /// <summary>Whether it has holes; those of an archive's extents trip boot loaders, so it is copied by its bytes.</summary>
    public bool IsSparse => Status.AllocatedBytes < Status.Size;
}
