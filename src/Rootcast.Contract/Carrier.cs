namespace Rootcast.Contract;

/// <summary>How the artefact's bytes reach the machine.</summary>
public enum Carrier
{
    /// <summary>In a payload segment appended to the initrd, as the file <see cref="InitramfsPaths.Payload"/>.</summary>
    Initrd,

    /// <summary>On a block device: the raw device, or a file on its file system.</summary>
    Disk,

    /// <summary>Fetched by HTTP/1.1 and verified while it streams.</summary>
    Http,
}
