namespace Rootcast.Linux.Files;

/// <summary>What statx(2) tells of a node.</summary>
/// <param name="Mode">Type and permission bits, as st_mode: octal 0100644 is a file.</param>
/// <param name="Uid">Owner.</param>
/// <param name="Gid">Group.</param>
/// <param name="Size">Length in bytes, with holes.</param>
/// <param name="AllocatedBytes">What is allocated: st_blocks times 512.</param>
/// <param name="Inode">Inode number.</param>
/// <param name="Links">Number of names.</param>
/// <param name="Device">The file system: major and minor as <c>makedev</c> joins them.</param>
/// <param name="NodeMajor">Of a device node, its major number.</param>
/// <param name="NodeMinor">Of a device node, its minor number.</param>
/// <param name="ModifiedSeconds">Modification time since 1970.</param>
/// <param name="ModifiedNanoseconds">Its nanoseconds.</param>
/// <param name="ChangedSeconds">When anything about it was last changed (ctime), since 1970.</param>
/// <param name="ChangedNanoseconds">Its nanoseconds.</param>
public readonly record struct FileStatus(
    int Mode,
    uint Uid,
    uint Gid,
    long Size,
    long AllocatedBytes,
    ulong Inode,
    uint Links,
    ulong Device,
    uint NodeMajor,
    uint NodeMinor,
    long ModifiedSeconds,
    int ModifiedNanoseconds,
    long ChangedSeconds,
    int ChangedNanoseconds
)
{
    /// <summary>Bits of <see cref="Mode"/> that hold the type.</summary>
    public const int TypeMask = 0xF000;
    public const int TypeFifo = 0x1000;
    public const int TypeCharacterDevice = 0x2000;
    public const int TypeDirectory = 0x4000;
    public const int TypeBlockDevice = 0x6000;
    public const int TypeFile = 0x8000;
    public const int TypeSymlink = 0xA000;
    public const int TypeSocket = 0xC000;

    /// <summary>The type bits alone, to compare with the constants.</summary>
    public int Type => Mode & TypeMask;

    /// <summary>Permission bits with setuid, setgid and sticky.</summary>
    public int Permissions => Mode & 0xFFF;

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory => Type == TypeDirectory;

    /// <summary>Whether it is a regular file.</summary>
    public bool IsFile => Type == TypeFile;

    /// <summary>Whether it is a symbolic link.</summary>
    public bool IsSymlink => Type == TypeSymlink;
}
