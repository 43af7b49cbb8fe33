namespace Rootcast.Lab.Boots;

/// <summary>How carrier <c>disk</c> finds the artefact on the machine's disk.</summary>
public enum DiskContent
{
    /// <summary>The disk is the artefact.</summary>
    Raw,

    /// <summary>The artefact is a file on an ext4 file system with the label <see cref="ArtefactDisk.Label"/>.</summary>
    File,
}
