namespace Rootcast.Formats.Squashfs;

/// <summary>Field positions of the superblock of squashfs 4.0, little-endian (Linux, fs/squashfs/squashfs_fs.h, struct squashfs_super_block).</summary>
internal static class SquashfsLayout
{
    public const int Magic = 0;
    public const int Inodes = Magic + 4;
    public const int Time = Inodes + 4;
    public const int BlockSize = Time + 4;
    public const int Fragments = BlockSize + 4;
    public const int Compression = Fragments + 4;
    public const int BlockLog = Compression + 2;
    public const int Flags = BlockLog + 2;
    public const int Ids = Flags + 2;
    public const int Major = Ids + 2;
    public const int Minor = Major + 2;
    public const int RootInode = Minor + 2;
    public const int BytesUsed = RootInode + 8;
    public const int IdTable = BytesUsed + 8;
    public const int XattrTable = IdTable + 8;
    public const int InodeTable = XattrTable + 8;
    public const int DirectoryTable = InodeTable + 8;
    public const int FragmentTable = DirectoryTable + 8;
    public const int LookupTable = FragmentTable + 8;
    public const int Length = LookupTable + 8;
}
