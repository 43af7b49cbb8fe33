using System.Buffers.Binary;

namespace Rootcast.Formats.Ext4;

/// <summary>An inode.</summary>
public sealed record Ext4Inode
{
    /// <summary>Type and permissions as in st_mode.</summary>
    public required int Mode { get; init; }

    /// <summary>Owner.</summary>
    public uint Uid { get; init; }

    /// <summary>Group.</summary>
    public uint Gid { get; init; }

    /// <summary>Bytes of its data.</summary>
    public long Size { get; init; }

    /// <summary>Modification time in seconds since 1970.</summary>
    public long ModifiedSeconds { get; init; }

    /// <summary>Nanoseconds of it.</summary>
    public int ModifiedNanoseconds { get; init; }

    /// <summary>Whether <see cref="Blocks"/> is the root of a tree of extents; else the numbers of blocks, the last three indirect.</summary>
    public bool HasExtents { get; init; }

    /// <summary>60 bytes that say where the data is, or that are it: a short link's target, a device's numbers.</summary>
    public required ReadOnlyMemory<byte> Blocks { get; init; }

    /// <summary>The block with extended attributes; 0 for none.</summary>
    public long AttributeBlock { get; init; }

    /// <summary>Extended attributes inside of the inode, with their magic number; empty for none.</summary>
    public ReadOnlyMemory<byte> Attributes { get; init; }

    /// <summary>Major and minor number of a device.</summary>
    public (uint Major, uint Minor) Device
    {
        get
        {
            uint old = BinaryPrimitives.ReadUInt32LittleEndian(Blocks.Span);
            uint wide = BinaryPrimitives.ReadUInt32LittleEndian(Blocks.Span[4..]);
            return old != 0 ? ((old >> 8) & 0xFF, old & 0xFF) : ((wide & 0xFFF00) >> 8, (wide & 0xFF) | ((wide >> 12) & 0xFFF00));
        }
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="InvalidDataException">It keeps its data in a way that is not read here.</exception>
    public static Ext4Inode Read(ReadOnlySpan<byte> inode)
    {
        if (inode.Length < Ext4Layout.SmallInode)
        {
            throw new InvalidDataException("ext4: an inode is cut");
        }
        uint flags = U32(inode, Ext4Layout.Flags);
        if ((flags & (Ext4Layout.FlagInlineData | Ext4Layout.FlagEncrypted)) != 0)
        {
            throw new InvalidDataException("ext4: a file is encrypted or inside of its inode: mount it as root");
        }
        int extra = inode.Length > Ext4Layout.SmallInode + 4 ? U16(inode, Ext4Layout.ExtraSize) : 0;
        long seconds = (int)U32(inode, Ext4Layout.ModifyTime);
        int nanoseconds = 0;
        if (Ext4Layout.SmallInode + extra >= Ext4Layout.ModifyTimeExtra + 4 && inode.Length >= Ext4Layout.ModifyTimeExtra + 4)
        {
            uint more = U32(inode, Ext4Layout.ModifyTimeExtra);
            seconds += (long)(more & 3) << 32;
            nanoseconds = (int)Math.Min(more >> 2, 999_999_999);
        }
        int attributes = Ext4Layout.SmallInode + extra;
        return new Ext4Inode
        {
            Mode = U16(inode, Ext4Layout.Mode),
            Uid = U16(inode, Ext4Layout.Uid) | ((uint)U16(inode, Ext4Layout.UidHigh) << 16),
            Gid = U16(inode, Ext4Layout.Gid) | ((uint)U16(inode, Ext4Layout.GidHigh) << 16),
            Size = U32(inode, Ext4Layout.Size) | ((long)(U32(inode, Ext4Layout.SizeHigh) & 0x7FFFFFFF) << 32),
            ModifiedSeconds = seconds,
            ModifiedNanoseconds = nanoseconds,
            HasExtents = (flags & Ext4Layout.FlagExtents) != 0,
            Blocks = inode.Slice(Ext4Layout.Blocks, Ext4Layout.BlocksLength).ToArray(),
            AttributeBlock = U32(inode, Ext4Layout.AttributeBlock) | ((long)U16(inode, Ext4Layout.AttributeBlockHigh) << 32),
            Attributes = extra > 0 && attributes + 8 <= inode.Length ? inode[attributes..].ToArray() : default,
        };
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
