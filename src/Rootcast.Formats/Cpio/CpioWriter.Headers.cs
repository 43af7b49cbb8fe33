using Rootcast.Formats.Tree;

namespace Rootcast.Formats.Cpio;

public sealed partial class CpioWriter
{
    private void WriteHeader(TreeEntry entry, int alignment, int linkCount)
    {
        ReadOnlySpan<byte> target = entry.Kind == NodeKind.Symlink ? entry.Target.Bytes : default;
        Check(entry, target, linkCount);
        CpioNode node = NodeOf(entry, linkCount);
        bool device = entry.Kind is NodeKind.CharacterDevice or NodeKind.BlockDevice;
        long size = entry.Kind == NodeKind.File ? entry.Size : target.Length;
        int nameSize = PaddedNameSize(entry.Path, entry.Kind == NodeKind.File && size > 0 ? alignment : 0) ?? throw NameTooLong(entry);
        Span<uint> fields =
        [
            node.Inode,
            node.Mode,
            entry.Uid,
            entry.Gid,
            node.LinkCount,
            (uint)entry.ModifiedSeconds,
            (uint)size,
            0,
            0,
            device ? entry.DeviceMajor : 0,
            device ? entry.DeviceMinor : 0,
            (uint)nameSize,
            0,
        ];
        ReadOnlySpan<byte> name = entry.Path.IsEmpty ? "."u8 : entry.Path.Bytes;
        WriteFieldsAndName(fields, name, nameSize);
        sink.Write(target);
        dataLeft = entry.Kind == NodeKind.File ? size : 0;
        AttributesLeftOut += entry.Attributes.Count;
    }

    private void WriteTrailer()
    {
        Span<uint> fields = stackalloc uint[13];
        fields.Clear();
        fields[4] = 1;
        fields[11] = (uint)CpioLayout.Trailer.Length + 1;
        WriteFieldsAndName(fields, CpioLayout.Trailer, CpioLayout.Trailer.Length + 1);
    }

    private void WriteFieldsAndName(ReadOnlySpan<uint> fields, ReadOnlySpan<byte> name, int nameSize)
    {
        Span<byte> header = stackalloc byte[CpioLayout.HeaderLength];
        CpioLayout.Magic.CopyTo(header);
        for (int index = 0; index < fields.Length; index++)
        {
            uint value = fields[index];
            Span<byte> digits = header.Slice(CpioLayout.MagicLength + index * CpioLayout.FieldLength, CpioLayout.FieldLength);
            for (int digit = CpioLayout.FieldLength - 1; digit >= 0; digit--)
            {
                digits[digit] = "0123456789ABCDEF"u8[(int)(value & 15)];
                value >>= 4;
            }
        }
        sink.Write(header);
        sink.Write(name);
        sink.WriteZeros(nameSize - name.Length);
        sink.WriteZeros(CpioLayout.Aligned(Position) - Position);
    }

    private CpioNode NodeOf(TreeEntry entry, int linkCount)
    {
        if (entry.Kind == NodeKind.HardLink)
        {
            return nodes.TryGetValue(entry.Target, out CpioNode known)
                ? known
                : throw CannotHold(entry, $"it links to {entry.Target}, which was not written before it as a file with several names");
        }
        uint links = entry.Kind == NodeKind.Directory ? 2 : (uint)linkCount;
        CpioNode node = new(nextInode++, (uint)(entry.Mode & CpioLayout.PermissionMask | TypeOf(entry.Kind)), links);
        if (linkCount > 1)
        {
            nodes[entry.Path] = node;
        }
        return node;
    }

    /// <summary>Bytes of the name with its NULs; null when it is too long even without more of them.</summary>
    private int? PaddedNameSize(UnixPath path, int alignment)
    {
        int size = Math.Max(path.Bytes.Length, 1) + 1;
        if (size > CpioLayout.MaximumName)
        {
            return null;
        }
        if (alignment == 0 || DataStart(size) % alignment == 0)
        {
            return size;
        }
        int padded = size + (int)(alignment - DataStart(size) % alignment);
        return padded <= CpioLayout.MaximumName ? padded : size;
    }

    private long DataStart(int nameSize) => CpioLayout.Aligned(Position + CpioLayout.HeaderLength + nameSize);

    private static void Check(TreeEntry entry, ReadOnlySpan<byte> target, int linkCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(linkCount, 1);
        if (entry.Path.Bytes.SequenceEqual(CpioLayout.Trailer))
        {
            throw CannotHold(entry, "its name is the one that ends an archive");
        }
        if (entry.Path.Bytes.Contains((byte)0) || target.Contains((byte)0))
        {
            throw CannotHold(entry, "a name has a NUL");
        }
        if (entry.Kind == NodeKind.Symlink && (target.IsEmpty || target.Length > CpioLayout.MaximumTarget - 1))
        {
            throw CannotHold(entry, $"its target has {target.Length} bytes; the kernel reads 1 to {CpioLayout.MaximumTarget - 1}");
        }
        if (entry.Kind == NodeKind.File && entry.Size is < 0 or > uint.MaxValue)
        {
            throw CannotHold(
                entry,
                $"it has {entry.Size} bytes, the format at most 4294967295 (4 GiB less one); use another form for such files"
            );
        }
        if (entry.ModifiedSeconds is < 0 or > uint.MaxValue)
        {
            throw CannotHold(entry, $"its time, {entry.ModifiedSeconds} s, is not between 1970 and 2106");
        }
    }

    private static int TypeOf(NodeKind kind) =>
        kind switch
        {
            NodeKind.Directory => CpioLayout.TypeDirectory,
            NodeKind.Symlink => CpioLayout.TypeSymlink,
            NodeKind.CharacterDevice => CpioLayout.TypeCharacterDevice,
            NodeKind.BlockDevice => CpioLayout.TypeBlockDevice,
            NodeKind.Fifo => CpioLayout.TypeFifo,
            NodeKind.Socket => CpioLayout.TypeSocket,
            _ => CpioLayout.TypeFile,
        };

    private static InvalidDataException NameTooLong(TreeEntry entry) =>
        CannotHold(entry, $"its name has {entry.Path.Bytes.Length} bytes; the kernel reads at most {CpioLayout.MaximumName - 1}");

    private static InvalidDataException CannotHold(TreeEntry entry, string reason) => new($"cpio can't hold {entry.Path}: {reason}");
}
