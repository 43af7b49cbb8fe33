namespace Rootcast.Contract;

/// <summary>How the root is held while the machine runs. Each has a host half (Rootcast.Images/Forms) and a guest half (Rootcast.Init/Forms).</summary>
public enum Form
{
    /// <summary>The tree's contents unpacked into a tmpfs of a bounded size. Artefact: <c>tree.tar.zst</c>.</summary>
    Tmpfs,

    /// <summary>An ext4 image copied into RAM and loop-mounted. Artefact: <c>root.img</c>.</summary>
    Ramdisk,

    /// <summary>Squashfs below an overlay whose upper half is a bounded tmpfs. Artefact: <c>root.squashfs</c>.</summary>
    Squashfs,
}
