namespace Rootcast.Formats.Ext4;

/// <summary>Field positions of ext2, ext3 and ext4, little-endian (Linux, Documentation/filesystems/ext4).</summary>
internal static class Ext4Layout
{
    public const int Superblock = 1024;
    public const int SuperblockBytes = 1024;
    public const int InodesCount = 0;
    public const int BlocksCount = 4;
    public const int FirstDataBlock = 20;
    public const int BlockSizeShift = 24;
    public const int BlocksPerGroup = 32;
    public const int InodesPerGroup = 40;
    public const int Magic = 56;
    public const ushort MagicValue = 0xEF53;
    public const int Revision = 76;
    public const int InodeSize = 88;
    public const int IncompatibleFeatures = 96;
    public const int DescriptorSize = 254;
    public const int BlocksCountHigh = 336;

    public const uint NeedsRecovery = 0x4;
    public const uint SixtyFourBit = 0x80;

    // filetype, recover, extents, 64bit, mmp, flex_bg, csum_seed, largedir, casefold.
    public const uint Understood = 0x2 | NeedsRecovery | 0x40 | SixtyFourBit | 0x100 | 0x200 | 0x2000 | 0x4000 | 0x20000;

    public const int DescriptorInodeTable = 8;
    public const int DescriptorInodeTableHigh = 40;

    public const int Mode = 0;
    public const int Uid = 2;
    public const int Size = 4;
    public const int ModifyTime = 16;
    public const int Gid = 24;
    public const int Flags = 32;
    public const int Blocks = 40;
    public const int BlocksLength = 60;
    public const int AttributeBlock = 104;
    public const int SizeHigh = 108;
    public const int AttributeBlockHigh = 118;
    public const int UidHigh = 120;
    public const int GidHigh = 122;
    public const int ExtraSize = 128;
    public const int ModifyTimeExtra = 136;
    public const int SmallInode = 128;

    public const uint FlagExtents = 0x80000;
    public const uint FlagInlineData = 0x10000000;
    public const uint FlagEncrypted = 0x800;

    public const ushort ExtentMagic = 0xF30A;
    public const int ExtentHeader = 12;
    public const int ExtentEntry = 12;
    public const int DeepestExtents = 5;
    public const int LongestExtent = 32768;

    public const uint AttributeMagic = 0xEA020000;
    public const int AttributeHeader = 32;
    public const int AttributeEntry = 16;
}
