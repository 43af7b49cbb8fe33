using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Rootcast.Formats.Tree;

namespace Rootcast.Formats.Tar;

public sealed partial class TarWriter
{
    private readonly PaxRecords records = new();

    private void WriteHeaders(TreeEntry entry)
    {
        Check(entry);
        byte[] name = NameOf(entry);
        ReadOnlySpan<byte> target = entry.Target.Bytes;
        byte[]? map = entry.DataRanges is null ? null : SparseMap(entry);
        long data = map is null ? (entry.Kind == NodeKind.File ? entry.Size : 0) : map.Length + DataLength(entry);

        Span<byte> header = stackalloc byte[TarLayout.BlockSize];
        header.Clear();
        records.Clear();
        CollectRecords(entry, name, map is not null);
        bool nameFits = map is null && SplitName(name, header);
        bool targetFits = target.Length <= TarLayout.LinkNameLength;
        if (!nameFits)
        {
            // Programs that know no pax see at least the beginning.
            ReadOnlySpan<byte> shown = map is null ? name : [.. "GNUSparseFile.0/"u8, .. LastComponent(name)];
            shown[..Math.Min(shown.Length, TarLayout.NameLength)].CopyTo(header[TarLayout.Name..]);
        }
        target[..Math.Min(target.Length, TarLayout.LinkNameLength)].CopyTo(header[TarLayout.LinkName..]);

        AddNames(entry, name, nameFits, targetFits, map is not null);
        Put(header, TarLayout.Mode, TarLayout.ModeLength, entry.Mode, default);
        Put(header, TarLayout.Uid, TarLayout.UidLength, entry.Uid, "uid"u8);
        Put(header, TarLayout.Gid, TarLayout.GidLength, entry.Gid, "gid"u8);
        Put(header, TarLayout.Size, TarLayout.SizeLength, data, "size"u8);
        PutTime(header, entry);
        bool device = entry.Kind is NodeKind.CharacterDevice or NodeKind.BlockDevice;
        Put(header, TarLayout.DeviceMajor, TarLayout.DeviceMajorLength, device ? entry.DeviceMajor : 0, "SCHILY.devmajor"u8);
        Put(header, TarLayout.DeviceMinor, TarLayout.DeviceMinorLength, device ? entry.DeviceMinor : 0, "SCHILY.devminor"u8);
        foreach (ExtendedAttribute attribute in entry.Attributes)
        {
            // As GNU tar hides them; the key ends at the first equals sign.
            string escaped = attribute.Name.Replace("%", "%25", StringComparison.Ordinal).Replace("=", "%3D", StringComparison.Ordinal);
            records.Add(Encoding.UTF8.GetBytes("SCHILY.xattr." + escaped), attribute.Value.Span);
        }

        if (records.Length > 0)
        {
            WritePax(name);
        }
        header[TarLayout.Type] = TypeOf(entry);
        Seal(header);
        sink.Write(header);
        if (map is not null)
        {
            sink.Write(map);
            data -= map.Length;
        }
        dataLeft = data;
        padding = -data & (TarLayout.BlockSize - 1);
    }

    private void WritePax(ReadOnlySpan<byte> name)
    {
        Span<byte> header = stackalloc byte[TarLayout.BlockSize];
        header.Clear();
        ReadOnlySpan<byte> shown = [.. "PaxHeaders/"u8, .. LastComponent(name)];
        shown[..Math.Min(shown.Length, TarLayout.NameLength)].CopyTo(header[TarLayout.Name..]);
        TarNumber.TryWrite(header.Slice(TarLayout.Mode, TarLayout.ModeLength), 0x1a4);
        TarNumber.TryWrite(header.Slice(TarLayout.Uid, TarLayout.UidLength), 0);
        TarNumber.TryWrite(header.Slice(TarLayout.Gid, TarLayout.GidLength), 0);
        TarNumber.TryWrite(header.Slice(TarLayout.Size, TarLayout.SizeLength), records.Length);
        TarNumber.TryWrite(header.Slice(TarLayout.Modified, TarLayout.ModifiedLength), 0);
        TarNumber.TryWrite(header.Slice(TarLayout.DeviceMajor, TarLayout.DeviceMajorLength), 0);
        TarNumber.TryWrite(header.Slice(TarLayout.DeviceMinor, TarLayout.DeviceMinorLength), 0);
        header[TarLayout.Type] = TarLayout.TypePaxHeader;
        Seal(header);
        sink.Write(header);
        sink.Write(records.Bytes);
        sink.WriteZeros(-records.Length & (TarLayout.BlockSize - 1));
    }

    private void CollectRecords(TreeEntry entry, ReadOnlySpan<byte> name, bool sparse)
    {
        if (!sparse)
        {
            return;
        }
        records.Add("GNU.sparse.major"u8, "1"u8);
        records.Add("GNU.sparse.minor"u8, "0"u8);
        records.Add("GNU.sparse.name"u8, name);
        records.Add("GNU.sparse.realsize"u8, entry.Size);
    }

    private void AddNames(TreeEntry entry, ReadOnlySpan<byte> name, bool nameFits, bool targetFits, bool sparse)
    {
        bool path = !nameFits && !sparse;
        if ((path && !Utf8.IsValid(name)) || (!targetFits && !Utf8.IsValid(entry.Target.Bytes)))
        {
            // libarchive would otherwise try to read the bytes as UTF-8.
            records.Add("hdrcharset"u8, "BINARY"u8);
        }
        if (path)
        {
            records.Add("path"u8, name);
        }
        if (!targetFits)
        {
            records.Add("linkpath"u8, entry.Target.Bytes);
        }
    }

    private void Put(Span<byte> header, int offset, int length, long value, ReadOnlySpan<byte> key)
    {
        Span<byte> field = header.Slice(offset, length);
        if (!TarNumber.TryWrite(field, value))
        {
            TarNumber.TryWrite(field, 0);
            records.Add(key, value);
        }
    }

    private void PutTime(Span<byte> header, TreeEntry entry)
    {
        Span<byte> field = header.Slice(TarLayout.Modified, TarLayout.ModifiedLength);
        bool fits = TarNumber.TryWrite(field, entry.ModifiedSeconds);
        if (!fits)
        {
            TarNumber.TryWrite(field, 0);
        }
        if (entry.ModifiedNanoseconds != 0)
        {
            // A decimal fraction counts towards zero's other side before 1970: -2 s and 400,000,000 ns are -1.6.
            bool before = entry.ModifiedSeconds < 0;
            long seconds = before ? entry.ModifiedSeconds + 1 : entry.ModifiedSeconds;
            int nanoseconds = before ? 1_000_000_000 - entry.ModifiedNanoseconds : entry.ModifiedNanoseconds;
            string sign = before && seconds == 0 ? "-" : "";
            string text = string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds}.{nanoseconds:d9}");
            records.Add("mtime"u8, Encoding.ASCII.GetBytes(text.TrimEnd('0')));
        }
        else if (!fits)
        {
            records.Add("mtime"u8, entry.ModifiedSeconds);
        }
    }

    private static void Check(TreeEntry entry)
    {
        if (entry.Kind == NodeKind.Socket)
        {
            throw CannotHold(entry, "it is a socket; leave it out, programs make their sockets anew");
        }
        if (
            entry.Path.Bytes.Contains((byte)0)
            || entry.Target.Bytes.Contains((byte)0)
            || entry.Path.Bytes.Length >= EntryPath.MaximumLength
        )
        {
            throw CannotHold(entry, "a name has a NUL or is longer than 4,095 bytes");
        }
        if (entry.Kind is NodeKind.Symlink or NodeKind.HardLink && entry.Target.IsEmpty)
        {
            throw CannotHold(entry, "a link to nothing");
        }
        if (entry.Size < 0 || entry.ModifiedNanoseconds is < 0 or > 999_999_999)
        {
            throw CannotHold(entry, $"size {entry.Size} or nanoseconds {entry.ModifiedNanoseconds} are out of range");
        }
    }

    private static byte[] NameOf(TreeEntry entry) =>
        entry.Path.IsEmpty ? "./"u8.ToArray()
        : entry.Kind == NodeKind.Directory ? [.. entry.Path.Bytes, (byte)'/']
        : entry.Path.Bytes.ToArray();

    /// <summary>Puts a name into the header, cut at a slash when it is long; false when it does not fit.</summary>
    private static bool SplitName(ReadOnlySpan<byte> name, Span<byte> header)
    {
        if (name.Length <= TarLayout.NameLength)
        {
            name.CopyTo(header[TarLayout.Name..]);
            return true;
        }
        // The slash between prefix and name is in neither; the last byte may be a directory's own slash.
        int first = name.Length - TarLayout.NameLength - 1;
        int last = Math.Min(TarLayout.PrefixLength, name.Length - 2);
        if (first > last)
        {
            return false;
        }
        int slash = name[first..(last + 1)].IndexOf((byte)'/');
        if (slash < 0 || first + slash == 0)
        {
            return false;
        }
        name[..(first + slash)].CopyTo(header[TarLayout.Prefix..]);
        name[(first + slash + 1)..].CopyTo(header[TarLayout.Name..]);
        return true;
    }

    private static ReadOnlySpan<byte> LastComponent(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> trimmed = name.TrimEnd((byte)'/');
        return trimmed[(trimmed.LastIndexOf((byte)'/') + 1)..];
    }

    private static byte TypeOf(TreeEntry entry) =>
        entry.Kind switch
        {
            NodeKind.Directory => TarLayout.TypeDirectory,
            NodeKind.Symlink => TarLayout.TypeSymlink,
            NodeKind.HardLink => TarLayout.TypeHardLink,
            NodeKind.CharacterDevice => TarLayout.TypeCharacterDevice,
            NodeKind.BlockDevice => TarLayout.TypeBlockDevice,
            NodeKind.Fifo => TarLayout.TypeFifo,
            _ => TarLayout.TypeFile,
        };

    private static void Seal(Span<byte> header)
    {
        TarLayout.UstarMagic.CopyTo(header[TarLayout.Magic..]);
        "00"u8.CopyTo(header[TarLayout.Version..]);
        // Six digits, a NUL and a blank, as everybody writes it.
        int sum = TarNumber.Sum(header);
        TarNumber.TryWrite(header.Slice(TarLayout.Checksum, TarLayout.ChecksumLength - 1), sum);
        header[TarLayout.Checksum + TarLayout.ChecksumLength - 1] = (byte)' ';
    }

    private static long DataLength(TreeEntry entry)
    {
        long data = 0;
        foreach (DataRange range in entry.DataRanges!)
        {
            data += range.Length;
        }
        return data;
    }

    /// <summary>The map of GNU.sparse 1.0: count, then offset and length of each piece, each a line, filled up to whole blocks.</summary>
    private static byte[] SparseMap(TreeEntry entry)
    {
        StringBuilder lines = new();
        long end = 0;
        int count = 0;
        foreach (DataRange range in entry.DataRanges!)
        {
            if (range.Length < 0 || range.Offset < end || range.Offset > entry.Size || range.Length > entry.Size - range.Offset)
            {
                throw CannotHold(entry, $"its data range {range.Offset}+{range.Length} overlaps or lies outside of its {entry.Size} bytes");
            }
            end = range.Offset + range.Length;
            lines.Append(CultureInfo.InvariantCulture, $"{range.Offset}\n{range.Length}\n");
            count++;
        }
        if (end < entry.Size || count == 0)
        {
            // A last piece of no bytes says where a hole at the end ends.
            lines.Append(CultureInfo.InvariantCulture, $"{entry.Size}\n0\n");
            count++;
        }
        string text = string.Create(CultureInfo.InvariantCulture, $"{count}\n{lines}");
        byte[] map = new byte[(text.Length + TarLayout.BlockSize - 1) & -TarLayout.BlockSize];
        Encoding.ASCII.GetBytes(text, map);
        return map;
    }
}
