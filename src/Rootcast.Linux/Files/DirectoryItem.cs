namespace Rootcast.Linux.Files;

/// <summary>A name in a directory.</summary>
/// <param name="Name">Its bytes.</param>
/// <param name="Type">One of the types of <see cref="FileStatus"/>, or 0 when the file system does not say.</param>
/// <param name="Inode">Its inode number.</param>
public readonly record struct DirectoryItem(byte[] Name, int Type, ulong Inode);
