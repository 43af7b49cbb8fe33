namespace Rootcast.Formats.Tree;

/// <summary>What an entry of a tree is.</summary>
public enum NodeKind
{
    /// <summary>Regular file.</summary>
    File,

    /// <summary>Directory.</summary>
    Directory,

    /// <summary>Symbolic link.</summary>
    Symlink,

    /// <summary>Character device.</summary>
    CharacterDevice,

    /// <summary>Block device.</summary>
    BlockDevice,

    /// <summary>Named pipe.</summary>
    Fifo,

    /// <summary>Socket. Only cpio keeps these.</summary>
    Socket,

    /// <summary>Another name of a file that came before: <see cref="TreeEntry.Target"/> names it.</summary>
    HardLink,
}
