namespace Rootcast.Linux.Files;

/// <summary>Flags of openat(2). Values are those of x86_64; <see cref="FileNodes"/> translates the four that arm64 numbers otherwise.
/// Close-on-exec is always set.</summary>
[Flags]
public enum OpenFlags
{
    ReadOnly = 0,
    WriteOnly = 1,
    ReadWrite = 2,
    Create = 0x40,
    Exclusive = 0x80,
    NoTerminal = 0x100,
    Truncate = 0x200,
    Append = 0x400,
    NonBlocking = 0x800,
    Direct = 0x4000,
    Directory = 0x10000,

    /// <summary>Fails with ELOOP when the last part of the path is a symbolic link.</summary>
    NoFollow = 0x20000,
    NoAccessTime = 0x40000,

    /// <summary>Only a place in the tree: nothing can be read through it.</summary>
    PathOnly = 0x200000,

    /// <summary>A file without a name in the directory that the path names.</summary>
    Temporary = 0x400000,
}
