namespace Rootcast.Images.Forms;

/// <summary>File systems of form <c>disk</c>.</summary>
public enum DiskFileSystem
{
    /// <summary>Made without root's rights, the same bytes each time.</summary>
    Ext4,

    /// <summary>Made by mounting it, as root.</summary>
    Xfs,

    /// <summary>Made by mounting it, as root.</summary>
    Btrfs,
}
