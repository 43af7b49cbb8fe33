using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Forms;

/// <summary>
/// Sets in an ext4 image what <c>mke2fs -d</c> takes from the moment of unpacking instead of from the tree: access, change and creation times of
/// every inode, which would make each image another one, and mode and time of the root directory, which it leaves at its own. Times after 2038,
/// whose upper bits it drops, are mended where no file of the tree is from before 1970.
/// </summary>
internal static class Ext4Inodes
{
    /// <param name="path">An image made with 4 KiB blocks, inodes of 256 bytes, and neither 64-bit nor checksum feature.</param>
    /// <param name="epoch">The time to set.</param>
    /// <param name="facts">Of the tree in it.</param>
    /// <exception cref="InvalidDataException">It was made otherwise.</exception>
    public static void Settle(string path, uint epoch, TreeFacts facts)
    {
        using SafeFileHandle image = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        byte[] super = new byte[Ext4Layout.SuperblockBytes];
        ReadFully(image, super, Ext4Layout.Superblock);
        int blockBytes = 1024 << (int)U32(super, Ext4Layout.BlockSizeShift);
        bool known =
            U16(super, Ext4Layout.Magic) == Ext4Layout.MagicValue
            && U16(super, Ext4Layout.InodeSize) == 256
            && blockBytes == 4096
            && (U32(super, Ext4Layout.IncompatibleFeatures) & Ext4Layout.SixtyFourBit) == 0
            && (U32(super, Ext4Layout.ReadOnlyFeatures) & Ext4Layout.MetadataChecksum) == 0;
        if (!known)
        {
            throw new InvalidDataException($"{path} is not an ext4 image of the shape that mke2fs was asked for");
        }
        uint blocks = U32(super, Ext4Layout.BlocksCount) - U32(super, Ext4Layout.FirstDataBlock);
        uint blocksPerGroup = U32(super, Ext4Layout.BlocksPerGroup);
        uint inodesPerGroup = U32(super, Ext4Layout.InodesPerGroup);
        uint groups = (blocks + blocksPerGroup - 1) / blocksPerGroup;
        byte[] descriptors = new byte[groups * Ext4Layout.DescriptorBytes];
        ReadFully(image, descriptors, (long)(U32(super, Ext4Layout.FirstDataBlock) + 1) * blockBytes);
        byte[] block = new byte[blockBytes];
        int inodesPerBlock = blockBytes / 256;
        bool mendLate = facts.EarliestTime >= 0 && facts.LatestTime > int.MaxValue;
        for (uint group = 0; group < groups; group++)
        {
            long table = (long)U32(descriptors, (int)(group * Ext4Layout.DescriptorBytes) + Ext4Layout.DescriptorInodeTable) * blockBytes;
            for (uint first = 0; first < inodesPerGroup; first += (uint)inodesPerBlock)
            {
                long at = table + (first * 256L);
                ReadFully(image, block, at);
                if (block.AsSpan().ContainsAnyExcept((byte)0))
                {
                    SettleBlock(block, (group * inodesPerGroup) + first + 1, epoch, mendLate, facts.Root);
                    RandomAccess.Write(image, block, at);
                }
            }
        }
    }

    private static void SettleBlock(Span<byte> block, uint number, uint epoch, bool mendLate, TreeEntry? root)
    {
        for (; !block.IsEmpty; block = block[256..], number++)
        {
            Span<byte> inode = block[..256];
            if (U16(inode, Ext4Layout.Mode) == 0)
            {
                continue;
            }
            foreach (int time in (ReadOnlySpan<int>)[Ext4Layout.AccessTime, Ext4Layout.ChangeTime, Ext4Layout.CreateTime])
            {
                Put(inode, time, epoch);
            }
            uint upper = epoch > int.MaxValue ? 1u : 0;
            foreach (int extra in (ReadOnlySpan<int>)[Ext4Layout.AccessTimeExtra, Ext4Layout.ChangeTimeExtra, Ext4Layout.CreateTimeExtra])
            {
                Put(inode, extra, upper);
            }
            if (number == Ext4Layout.RootInode && root is not null)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(inode[Ext4Layout.Mode..], (ushort)(Ext4Layout.DirectoryMode | root.Mode));
                Put(inode, Ext4Layout.ModifyTime, (uint)root.ModifiedSeconds);
                Put(inode, Ext4Layout.ModifyTimeExtra, 0);
            }
            if (mendLate && U32(inode, Ext4Layout.ModifyTime) > int.MaxValue)
            {
                // The two low bits of the extra word are bits 32 and 33 of the seconds, counted from the signed lower half.
                Put(inode, Ext4Layout.ModifyTimeExtra, 1);
            }
        }
    }

    private static void ReadFully(SafeFileHandle image, Span<byte> place, long at)
    {
        while (!place.IsEmpty)
        {
            int read = RandomAccess.Read(image, place, at);
            if (read == 0)
            {
                throw new InvalidDataException($"the ext4 image ends at byte {at}, within a table");
            }
            place = place[read..];
            at += read;
        }
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static void Put(Span<byte> bytes, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], value);
}
