namespace Rootcast.Linux.Files;

/// <summary>FS_*_FL of linux/fs.h: what lsattr(1) shows.</summary>
[Flags]
public enum InodeFlag
{
    None = 0,
    Compressed = 4,
    Immutable = 0x10,
    NoCopyOnWrite = 0x800000,
}
