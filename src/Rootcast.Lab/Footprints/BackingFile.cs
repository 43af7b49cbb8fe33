namespace Rootcast.Lab.Footprints;

/// <summary>The file that a loop device stands on.</summary>
/// <param name="Path">Its path; with <c> (deleted)</c> when it has no name any more.</param>
/// <param name="FileSystem">The number of the file system that it is in; null when no mount shows that.</param>
/// <param name="Inode">Its inode there.</param>
/// <param name="Bytes">What of it is in memory; the device's length where nobody can ask.</param>
public sealed record BackingFile(string Path, ulong? FileSystem, ulong Inode, long Bytes);
