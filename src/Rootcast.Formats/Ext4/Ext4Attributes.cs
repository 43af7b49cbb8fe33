using System.Buffers.Binary;
using System.Text;
using Rootcast.Formats.Tree;

namespace Rootcast.Formats.Ext4;

/// <summary>Extended attributes of an inode.</summary>
public static class Ext4Attributes
{
    private static readonly string?[] Prefixes =
    [
        null,
        "user.",
        "system.posix_acl_access",
        "system.posix_acl_default",
        "trusted.",
        null,
        "security.",
        "system.",
    ];

    /// <summary>Reads those inside of an inode.</summary>
    /// <param name="area"><see cref="Ext4Inode.Attributes"/>.</param>
    /// <exception cref="InvalidDataException">They cannot be.</exception>
    public static IReadOnlyList<ExtendedAttribute> OfInode(ReadOnlySpan<byte> area) =>
        area.Length < 8 || BinaryPrimitives.ReadUInt32LittleEndian(area) != Ext4Layout.AttributeMagic ? [] : Read(area[4..], area[4..]);

    /// <summary>Reads those of a block.</summary>
    /// <exception cref="InvalidDataException">They cannot be.</exception>
    public static IReadOnlyList<ExtendedAttribute> OfBlock(ReadOnlySpan<byte> block) =>
        block.Length > Ext4Layout.AttributeHeader && BinaryPrimitives.ReadUInt32LittleEndian(block) == Ext4Layout.AttributeMagic
            ? Read(block[Ext4Layout.AttributeHeader..], block)
            : throw new InvalidDataException("ext4: a block of attributes has no magic number");

    private static List<ExtendedAttribute> Read(ReadOnlySpan<byte> entries, ReadOnlySpan<byte> values)
    {
        List<ExtendedAttribute> found = [];
        while (entries.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(entries) != 0)
        {
            int name = entries[0];
            int length = Ext4Layout.AttributeEntry + ((name + 3) & ~3);
            if (length > entries.Length)
            {
                throw new InvalidDataException("ext4: an attribute's name goes beyond its place");
            }
            int index = entries[1];
            long at = BinaryPrimitives.ReadUInt16LittleEndian(entries[2..]);
            long size = BinaryPrimitives.ReadUInt32LittleEndian(entries[8..]);
            if (BinaryPrimitives.ReadUInt32LittleEndian(entries[4..]) != 0 || at + size > values.Length)
            {
                throw new InvalidDataException("ext4: an attribute's value is not in its place");
            }
            if (index < Prefixes.Length && Prefixes[index] is { } prefix)
            {
                ReadOnlySpan<byte> value = values.Slice((int)at, (int)size);
                string full = prefix + Encoding.UTF8.GetString(entries.Slice(Ext4Layout.AttributeEntry, name));
                found.Add(new ExtendedAttribute(full, index is 2 or 3 ? AccessList(value) : value.ToArray()));
            }
            entries = entries[length..];
        }
        return found;
    }

    /// <summary>On disk, entries have an id only where they need one; to programs, all have (include/linux/posix_acl_xattr.h).</summary>
    private static byte[] AccessList(ReadOnlySpan<byte> stored)
    {
        const int user = 2;
        const int group = 8;
        const int most = 4096;
        byte[] list = new byte[4 + (8 * most)];
        list[0] = 2;
        int length = 4;
        for (int at = 4; at + 4 <= stored.Length && length + 8 <= list.Length; length += 8)
        {
            bool named = BinaryPrimitives.ReadUInt16LittleEndian(stored[at..]) is user or group;
            if (named && at + 8 > stored.Length)
            {
                throw new InvalidDataException("ext4: an access list is cut");
            }
            stored.Slice(at, 4).CopyTo(list.AsSpan(length));
            uint id = named ? BinaryPrimitives.ReadUInt32LittleEndian(stored[(at + 4)..]) : uint.MaxValue;
            BinaryPrimitives.WriteUInt32LittleEndian(list.AsSpan(length + 4), id);
            at += named ? 8 : 4;
        }
        return list[..length];
    }
}
