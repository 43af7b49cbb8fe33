namespace Rootcast.Lab.Boots;

/// <summary>How carrier <c>disk</c> finds the artefact on the machine's disk.</summary>
public enum DiskContent
{
    /// <summary>The disk is the artefact.</summary>
    Raw,

    /// <summary>The artefact is a file on an ext4 file system with the label <see cref="ArtefactDisk.Label"/>.</summary>
    File,

    /// <summary>The artefact is on an ISO, where it is on media (<see cref="Rootcast.Contract.MediaPaths"/>), and the plan does not say on which.</summary>
    Medium,

    /// <summary>No disk is made: one of the machine's own has it, and the plan does not say which.</summary>
    None,
}
