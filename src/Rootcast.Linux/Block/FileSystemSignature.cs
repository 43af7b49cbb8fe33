using System.Buffers.Binary;
using System.Text;

namespace Rootcast.Linux.Block;

/// <summary>What the first bytes of a block device tell: which file system, its label and UUID. The positions are those of the superblocks'
/// definitions: ext4 (Documentation/filesystems/ext4/super.rst), xfs_dsb, btrfs_super_block, squashfs_super_block, erofs_super_block, the FAT
/// boot sector, ECMA-119.</summary>
/// <param name="Type">As mount(2) wants it: <c>ext4</c>, <c>xfs</c>, <c>btrfs</c>, <c>squashfs</c>, <c>erofs</c>, <c>vfat</c>,
/// <c>iso9660</c>.</param>
/// <param name="Label">Its label; null when it has none.</param>
/// <param name="Uuid">Its UUID as blkid prints it; null when the kind has none.</param>
/// <param name="Bytes">How long the file system says that it is; 0 when it does not say.</param>
public sealed record FileSystemSignature(string Type, string? Label, string? Uuid, long Bytes)
{
    /// <summary>How many bytes from the start <see cref="Read"/> can make use of: Btrfs has its superblock at 64 KiB.</summary>
    public const int BytesNeeded = 65536 + 4096;

    /// <summary>The type of an encrypted device, as blkid calls it; nothing to mount.</summary>
    public const string Luks = "crypto_LUKS";

    private const int Sector = 2048;

    /// <summary>Bytes of its blocks; 0 when this is not read of the kind.</summary>
    public long BlockBytes { get; init; }

    /// <summary>Reads the first bytes of a device, as many as there are; null when nothing in them is known.</summary>
    public static FileSystemSignature? Read(ReadOnlySpan<byte> first) =>
        ReadSquashfs(first)
        ?? ReadErofs(first)
        ?? ReadXfs(first)
        ?? ReadExt(first)
        ?? ReadBtrfs(first)
        ?? ReadIso(first)
        ?? ReadLuks(first)
        ?? ReadFat(first);

    /// <summary>For people: <c>ext4 LABEL=data UUID=…</c>.</summary>
    public override string ToString() => $"{Type}{(Label is null ? "" : $" LABEL={Label}")}{(Uuid is null ? "" : $" UUID={Uuid}")}";

    private static FileSystemSignature? ReadSquashfs(ReadOnlySpan<byte> first)
    {
        const int bytesUsedAt = 40;
        const int length = 96;
        return first.Length >= length && first.StartsWith("hsqs"u8)
            ? new FileSystemSignature("squashfs", null, null, (long)BinaryPrimitives.ReadUInt64LittleEndian(first[bytesUsedAt..]))
            : null;
    }

    private static FileSystemSignature? ReadErofs(ReadOnlySpan<byte> first)
    {
        const int at = 1024;
        if (first.Length < at + 128 || BinaryPrimitives.ReadUInt32LittleEndian(first[at..]) != 0xE0F5E1E2)
        {
            return null;
        }
        ReadOnlySpan<byte> super = first[at..];
        long blocks = BinaryPrimitives.ReadUInt32LittleEndian(super[36..]);
        int shift = super[12] & 31;
        return new FileSystemSignature("erofs", Text(super.Slice(64, 16)), Uuid16(super.Slice(48, 16)), blocks << shift);
    }

    private static FileSystemSignature? ReadXfs(ReadOnlySpan<byte> first)
    {
        if (first.Length < 512 || !first.StartsWith("XFSB"u8))
        {
            return null;
        }
        long blockSize = BinaryPrimitives.ReadUInt32BigEndian(first[4..]);
        long blocks = (long)BinaryPrimitives.ReadUInt64BigEndian(first[8..]);
        return new FileSystemSignature("xfs", Text(first.Slice(108, 12)), Uuid16(first.Slice(32, 16)), blocks * blockSize)
        {
            BlockBytes = blockSize,
        };
    }

    private static FileSystemSignature? ReadExt(ReadOnlySpan<byte> first)
    {
        const int at = 1024;
        if (first.Length < at + 1024 || BinaryPrimitives.ReadUInt16LittleEndian(first[(at + 56)..]) != 0xEF53)
        {
            return null;
        }
        ReadOnlySpan<byte> super = first[at..];
        long blocks = BinaryPrimitives.ReadUInt32LittleEndian(super[4..]);
        uint incompatible = BinaryPrimitives.ReadUInt32LittleEndian(super[96..]);
        const uint sixtyFourBit = 0x80;
        if ((incompatible & sixtyFourBit) != 0)
        {
            blocks |= (long)BinaryPrimitives.ReadUInt32LittleEndian(super[336..]) << 32;
        }
        int shift = 10 + (int)(BinaryPrimitives.ReadUInt32LittleEndian(super[24..]) & 7);
        return new FileSystemSignature("ext4", Text(super.Slice(120, 16)), Uuid16(super.Slice(104, 16)), blocks << shift)
        {
            BlockBytes = 1L << shift,
        };
    }

    private static FileSystemSignature? ReadBtrfs(ReadOnlySpan<byte> first)
    {
        const int at = 65536;
        if (first.Length < at + 1024 || !first[(at + 64)..].StartsWith("_BHRfS_M"u8))
        {
            return null;
        }
        ReadOnlySpan<byte> super = first[at..];
        long bytes = (long)BinaryPrimitives.ReadUInt64LittleEndian(super[112..]);
        return new FileSystemSignature("btrfs", Text(super.Slice(299, 256)), Uuid16(super.Slice(32, 16)), bytes)
        {
            BlockBytes = BinaryPrimitives.ReadUInt32LittleEndian(super[144..]),
        };
    }

    private static FileSystemSignature? ReadIso(ReadOnlySpan<byte> first)
    {
        const int at = 16 * Sector;
        if (first.Length < at + Sector || first[at] != 1 || !first[(at + 1)..].StartsWith("CD001"u8))
        {
            return null;
        }
        ReadOnlySpan<byte> descriptor = first.Slice(at, Sector);
        // blkid's UUID of an ISO is the modification date, else the creation date: sixteen digits as YYYY-MM-DD-hh-mm-ss-cc.
        string? uuid = IsoDate(descriptor.Slice(830, 16)) ?? IsoDate(descriptor.Slice(813, 16));
        long bytes = (long)BinaryPrimitives.ReadUInt32LittleEndian(descriptor[80..]) * Sector;
        return new FileSystemSignature("iso9660", Text(descriptor.Slice(40, 32)), uuid, bytes);
    }

    /// <summary>LUKS1 and LUKS2 keep the UUID as text at the same place.</summary>
    private static FileSystemSignature? ReadLuks(ReadOnlySpan<byte> first)
    {
        const int uuidAt = 168;
        const int uuidLength = 40;
        return first.Length >= uuidAt + uuidLength && first.StartsWith("LUKS"u8) && first[4] == 0xBA && first[5] == 0xBE
            ? new FileSystemSignature(Luks, null, Text(first.Slice(uuidAt, uuidLength)), 0)
            : null;
    }

    private static FileSystemSignature? ReadFat(ReadOnlySpan<byte> first)
    {
        if (first.Length < 512 || first[510] != 0x55 || first[511] != 0xAA)
        {
            return null;
        }
        // FAT32 keeps serial and label further back than FAT12 and FAT16, where the longer BIOS parameter block ends.
        int at =
            first[82..].StartsWith("FAT32   "u8) ? 64
            : first[54..].StartsWith("FAT1"u8) ? 36
            : -1;
        if (at < 0)
        {
            return null;
        }
        ReadOnlySpan<byte> label = first.Slice(at + 7, 11);
        uint serial = BinaryPrimitives.ReadUInt32LittleEndian(first[(at + 3)..]);
        return new FileSystemSignature(
            "vfat",
            label.SequenceEqual("NO NAME    "u8) ? null : Text(label),
            $"{serial >> 16:X4}-{serial & 0xffff:X4}",
            0
        );
    }

    private static string? IsoDate(ReadOnlySpan<byte> digits)
    {
        if (digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !digits.ContainsAnyExcept((byte)'0'))
        {
            return null;
        }
        string text = Encoding.ASCII.GetString(digits);
        return $"{text[..4]}-{text[4..6]}-{text[6..8]}-{text[8..10]}-{text[10..12]}-{text[12..14]}-{text[14..16]}";
    }

    private static string? Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        string text = Encoding.UTF8.GetString(end < 0 ? field : field[..end]).TrimEnd(' ');
        return text.Length == 0 ? null : text;
    }

    private static string? Uuid16(ReadOnlySpan<byte> bytes) =>
        bytes.ContainsAnyExcept((byte)0) ? new Guid(bytes, bigEndian: true).ToString() : null;
}
