namespace Rootcast.Linux.Files;

/// <summary>An extent of a file, as FIEMAP tells it.</summary>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Physical">Where it begins on the device.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Flags">FIEMAP_EXTENT_* of linux/fiemap.h.</param>
public readonly record struct FileExtent(long Offset, long Physical, long Length, uint Flags)
{
    /// <summary>FIEMAP_EXTENT_SHARED: other files have it too.</summary>
    public bool IsShared => (Flags & 0x2000) != 0;

    /// <summary>FIEMAP_EXTENT_UNWRITTEN: allocated, reads as zeros.</summary>
    public bool IsUnwritten => (Flags & 0x800) != 0;
}
