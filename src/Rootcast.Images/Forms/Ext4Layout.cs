namespace Rootcast.Images.Forms;

/// <summary>Offsets in ext4's superblock, group descriptors and inodes, as far as <see cref="Ext4Inodes"/> needs them
/// (Documentation/filesystems/ext4 in the kernel: super.rst, group_descr.rst, inodes.rst).</summary>
internal static class Ext4Layout
{
    public const int Superblock = 1024;
    public const int SuperblockBytes = 1024;
    public const int BlocksCount = 4;
    public const int FirstDataBlock = 20;
    public const int BlockSizeShift = 24;
    public const int BlocksPerGroup = 32;
    public const int InodesPerGroup = 40;
    public const int Magic = 56;
    public const ushort MagicValue = 0xEF53;
    public const int InodeSize = 88;
    public const int IncompatibleFeatures = 96;
    public const int ReadOnlyFeatures = 100;
    public const uint SixtyFourBit = 0x80;
    public const uint MetadataChecksum = 0x400;

    public const int DescriptorBytes = 32;
    public const int DescriptorInodeTable = 8;

    public const int Mode = 0;
    public const int AccessTime = 8;
    public const int ChangeTime = 12;
    public const int ModifyTime = 16;
    public const int ChangeTimeExtra = 132;
    public const int ModifyTimeExtra = 136;
    public const int AccessTimeExtra = 140;
    public const int CreateTime = 144;
    public const int CreateTimeExtra = 148;

    public const uint RootInode = 2;
    public const int DirectoryMode = 0x4000;
}
