using Rootcast.Formats;
using Rootcast.Formats.Tree;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Cpio;

/// <summary>A node that goes into an archive: made here, or from a file.</summary>
/// <param name="Entry">What the archive says of it.</param>
internal sealed record CpioSource(TreeEntry Entry)
{
    /// <summary>Its name in the archive.</summary>
    public UnixPath Path => Entry.Path;

    /// <summary>Data that is made here; null when it comes from a file, or there is none.</summary>
    public ReadOnlyMemory<byte>? Content { get; init; }

    /// <summary>What its file is opened by, from the directory that names start at.</summary>
    public ReadOnlyMemory<byte> OpenPath { get; init; }

    /// <summary>Its file, when it was opened before to be looked into: read from there, and closed then.</summary>
    public OpenedFile? Opened { get; init; }

    /// <summary>What the file was when it was looked at first.</summary>
    public FileStatus Status { get; init; }

    /// <summary>Further names of the same file, sorted.</summary>
    public List<UnixPath>? Links { get; set; }

    /// <summary>Whether it has holes; those of an archive's extents trip boot loaders, so it is copied by its bytes.</summary>
    public bool IsSparse => Status.AllocatedBytes < Status.Size;
}
