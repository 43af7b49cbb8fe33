using System.Buffers.Binary;

namespace Rootcast.Formats.Ext4;

/// <summary>What the superblock of an ext2, ext3 or ext4 says of where things are.</summary>
/// <param name="BlockBytes">1024 to 65536.</param>
/// <param name="Blocks">How many blocks it has.</param>
/// <param name="Inodes">How many inodes it can have.</param>
/// <param name="InodeBytes">Bytes of an inode.</param>
/// <param name="InodesPerGroup">Inodes in the table of a group.</param>
/// <param name="DescriptorBytes">Bytes of a group's descriptor.</param>
/// <param name="DescriptorsOffset">Where the descriptors start, in bytes.</param>
/// <param name="NeedsRecovery">Whether its journal has what was not yet written to its place.</param>
public sealed record Ext4Superblock(
    int BlockBytes,
    long Blocks,
    uint Inodes,
    int InodeBytes,
    uint InodesPerGroup,
    int DescriptorBytes,
    long DescriptorsOffset,
    bool NeedsRecovery
)
{
    /// <summary>Where <see cref="Read"/> starts in the file system.</summary>
    public const int Offset = Ext4Layout.Superblock;

    /// <summary>How many bytes <see cref="Read"/> needs from there.</summary>
    public const int BytesNeeded = Ext4Layout.SuperblockBytes;

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">It is none, cannot be, or uses a feature that is not understood here.</exception>
    public static Ext4Superblock Read(ReadOnlySpan<byte> super)
    {
        if (super.Length < BytesNeeded || U16(super, Ext4Layout.Magic) != Ext4Layout.MagicValue)
        {
            throw new InvalidDataException($"ext4: there is no superblock at byte {Offset}");
        }
        uint features = U32(super, Ext4Layout.IncompatibleFeatures);
        if ((features & ~Ext4Layout.Understood) != 0)
        {
            throw new InvalidDataException(
                $"ext4: it has features that are not read here (0x{features & ~Ext4Layout.Understood:x}): mount it as root"
            );
        }
        uint shift = U32(super, Ext4Layout.BlockSizeShift);
        bool first = U32(super, Ext4Layout.Revision) == 0;
        int inodeBytes = first ? Ext4Layout.SmallInode : U16(super, Ext4Layout.InodeSize);
        bool wide = (features & Ext4Layout.SixtyFourBit) != 0;
        int descriptor = wide ? U16(super, Ext4Layout.DescriptorSize) : 32;
        uint inodes = U32(super, Ext4Layout.InodesCount);
        uint perGroup = U32(super, Ext4Layout.InodesPerGroup);
        bool good =
            shift <= 6
            && inodeBytes is >= Ext4Layout.SmallInode and <= 65536
            && (inodeBytes & (inodeBytes - 1)) == 0
            && inodeBytes <= 1024 << (int)shift
            && descriptor is >= 32 and <= 1024
            && (!wide || descriptor >= 64)
            && inodes > 0
            && perGroup > 0
            && inodes / perGroup < 1 << 22;
        if (!good)
        {
            throw new InvalidDataException($"ext4: the superblock at byte {Offset} cannot be");
        }
        int block = 1024 << (int)shift;
        long blocks = U32(super, Ext4Layout.BlocksCount) | (wide ? (long)(U32(super, Ext4Layout.BlocksCountHigh) & 0xFFFF) << 32 : 0);
        return new Ext4Superblock(
            block,
            blocks,
            inodes,
            inodeBytes,
            perGroup,
            descriptor,
            (U32(super, Ext4Layout.FirstDataBlock) + 1L) * block,
            (features & Ext4Layout.NeedsRecovery) != 0
        );
    }

    /// <summary>Where an inode's group has its descriptor, in bytes.</summary>
    public long DescriptorOf(uint inode) => DescriptorsOffset + ((inode - 1) / InodesPerGroup * (long)DescriptorBytes);

    /// <summary>Where an inode is, by the descriptor of its group.</summary>
    public long PlaceOf(uint inode, ReadOnlySpan<byte> descriptor)
    {
        long table = U32(descriptor, Ext4Layout.DescriptorInodeTable);
        if (DescriptorBytes >= 64)
        {
            table |= (long)(U32(descriptor, Ext4Layout.DescriptorInodeTableHigh) & 0xFFFF) << 32;
        }
        return (table * BlockBytes) + ((inode - 1) % InodesPerGroup * (long)InodeBytes);
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
