namespace Rootcast.Formats.Erofs;

/// <summary>Field positions of the EROFS superblock, little-endian (Linux, fs/erofs/erofs_fs.h, struct erofs_super_block).</summary>
internal static class ErofsLayout
{
    /// <summary>Where the superblock is in the device.</summary>
    public const int Superblock = 1024;

    public const int Magic = 0;
    public const int Checksum = Magic + 4;
    public const int CompatibleFeatures = Checksum + 4;
    public const int BlockSizeBits = CompatibleFeatures + 4;
    public const int ExtensionSlots = BlockSizeBits + 1;
    public const int RootNode = ExtensionSlots + 1;
    public const int Inodes = RootNode + 2;
    public const int BuildTime = Inodes + 8;
    public const int BuildTimeNanoseconds = BuildTime + 8;
    public const int Blocks = BuildTimeNanoseconds + 4;
    public const int MetadataBlock = Blocks + 4;
    public const int XattrBlock = MetadataBlock + 4;
    public const int Uuid = XattrBlock + 4;
    public const int VolumeName = Uuid + 16;
    public const int IncompatibleFeatures = VolumeName + 16;

    /// <summary>A bit for each algorithm with <see cref="CompressionConfigurations"/>, else the greatest distance of lz4.</summary>
    public const int Algorithms = IncompatibleFeatures + 4;
    public const int Length = 128;

    public const uint MagicValue = 0xE0F5E1E2;

    /// <summary>A bit of <see cref="CompatibleFeatures"/>.</summary>
    public const uint SuperblockChecksum = 0x1;

    public const uint ZeroPadding = 0x1;
    public const uint CompressionConfigurations = 0x2;
    public const uint ChunkedFiles = 0x4;
    public const uint DeviceTable = 0x8;
    public const uint TailPacking = 0x10;
    public const uint Fragments = 0x20;
}
