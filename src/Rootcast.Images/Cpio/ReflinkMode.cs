namespace Rootcast.Images.Cpio;

/// <summary>Whether an archive shares extents with the files that it is made of.</summary>
public enum ReflinkMode
{
    /// <summary>Where the file system can; what it can't is reported.</summary>
    Auto,

    /// <summary>For all data of at least one block, or it fails with the path and the reason.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}
