namespace Rootcast.Images.Disks;

/// <summary>A disk that was written.</summary>
/// <param name="Path">Device or file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Layout">Its partitions.</param>
/// <param name="FileSystem">What the root partition holds.</param>
/// <param name="StartsByBios">Whether a BIOS can start it; not from sectors of 4096 bytes.</param>
/// <param name="IsSeen">Whether the kernel knows the new partitions.</param>
public sealed record WrittenDisk(string Path, long Bytes, DiskLayout Layout, string FileSystem, bool StartsByBios, bool IsSeen);
