using System.Buffers.Binary;

namespace Rootcast.Formats.Ext4;

/// <summary>A run of a file's blocks, or a node of the tree that has such runs.</summary>
/// <param name="Logical">The first block in the file.</param>
/// <param name="Count">How many blocks; 0 for a node.</param>
/// <param name="Physical">The first block in the file system, or the node's.</param>
/// <param name="IsWritten">False for blocks that are reserved and read as NULs.</param>
public readonly record struct Ext4Extent(long Logical, int Count, long Physical, bool IsWritten)
{
    /// <summary>Reads a node of the tree.</summary>
    /// <param name="node">The node: the 60 bytes in the inode, or a block.</param>
    /// <param name="depth">How far it must be from the leaves; null for the root, which says it itself.</param>
    /// <param name="found">How far it is: 0 when these are runs, else nodes.</param>
    /// <exception cref="InvalidDataException">It cannot be.</exception>
    public static IReadOnlyList<Ext4Extent> Read(ReadOnlySpan<byte> node, int? depth, out int found)
    {
        if (node.Length < Ext4Layout.ExtentHeader || BinaryPrimitives.ReadUInt16LittleEndian(node) != Ext4Layout.ExtentMagic)
        {
            throw new InvalidDataException("ext4: a node of extents has no magic number");
        }
        int count = BinaryPrimitives.ReadUInt16LittleEndian(node[2..]);
        found = BinaryPrimitives.ReadUInt16LittleEndian(node[6..]);
        if (found != (depth ?? found) || found > Ext4Layout.DeepestExtents || (count + 1) * Ext4Layout.ExtentEntry > node.Length)
        {
            throw new InvalidDataException($"ext4: a node of {count} extents in depth {found} cannot be");
        }
        List<Ext4Extent> extents = [];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = node.Slice(Ext4Layout.ExtentHeader + (i * Ext4Layout.ExtentEntry), Ext4Layout.ExtentEntry);
            long logical = BinaryPrimitives.ReadUInt32LittleEndian(entry);
            if (found > 0)
            {
                long child =
                    BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]) | ((long)BinaryPrimitives.ReadUInt16LittleEndian(entry[8..]) << 32);
                extents.Add(new Ext4Extent(logical, 0, child, IsWritten: true));
                continue;
            }
            int length = BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]);
            bool written = length <= Ext4Layout.LongestExtent;
            long start =
                BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]) | ((long)BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]) << 32);
            extents.Add(new Ext4Extent(logical, written ? length : length - Ext4Layout.LongestExtent, start, written));
        }
        return extents;
    }
}
