using Rootcast.Formats.Tree;

namespace Rootcast.Formats.Tar;

public sealed partial class TarReader
{
    private readonly PaxValues pax = new();
    private readonly PaxValues globalPax = new();
    private bool hasGlobal;

    private TreeEntry? ReadEntry()
    {
        pax.Clear();
        if (hasGlobal)
        {
            pax.CopyFrom(globalPax);
        }
        bool extended = false;
        while (true)
        {
            headerOffset = source.Position;
            if (!source.Ensure(TarLayout.BlockSize))
            {
                if (!source.Buffered.IsEmpty || extended)
                {
                    throw Cut("a header");
                }
                ended = true;
                return null;
            }
            ReadOnlySpan<byte> header = source.Buffered[..TarLayout.BlockSize];
            if (!header.ContainsAnyExcept((byte)0))
            {
                if (extended)
                {
                    throw Invalid("an extended header is followed by the end of the archive instead of its entry");
                }
                source.Consume(TarLayout.BlockSize);
                ended = true;
                EndMarkSeen = true;
                return null;
            }
            CheckSum(header);
            byte type = header[TarLayout.Type];
            switch (type)
            {
                case TarLayout.TypePaxHeader or TarLayout.TypePaxHeaderSolaris:
                    ReadPax(pax);
                    extended = true;
                    break;
                case TarLayout.TypePaxGlobal:
                    ReadPax(globalPax);
                    hasGlobal = true;
                    if (extended)
                    {
                        throw Invalid("a global header stands between an extended header and its entry");
                    }
                    pax.Clear();
                    pax.CopyFrom(globalPax);
                    break;
                case TarLayout.TypeGnuLongName:
                    pax.Path = ReadLongName();
                    extended = true;
                    break;
                case TarLayout.TypeGnuLongLink:
                    pax.LinkPath = ReadLongName();
                    extended = true;
                    break;
                case TarLayout.TypeGnuVolume:
                    source.Consume(TarLayout.BlockSize);
                    break;
                default:
                    return Build(header, type);
            }
        }
    }

    private TreeEntry Build(ReadOnlySpan<byte> header, byte type)
    {
        bool ustar = header.Slice(TarLayout.Magic, 5).SequenceEqual("ustar"u8);
        // The GNU variety ("ustar  ") keeps other things where POSIX has the prefix of the name.
        bool posix = ustar && header[TarLayout.Magic + 5] == 0;
        long stored = pax.Size ?? Number(header, TarLayout.Size, TarLayout.SizeLength, "size");
        NodeKind kind = KindOf(type, EndsWithSlash(header));
        if (stored < 0)
        {
            throw Invalid($"size {stored} is negative");
        }

        UnixPath path = PathOf(header, posix);
        UnixPath target = TargetOf(header, kind);
        int mode = (int)(Number(header, TarLayout.Mode, TarLayout.ModeLength, "mode") & 0xfff);
        uint uid = Narrow(pax.Uid ?? Number(header, TarLayout.Uid, TarLayout.UidLength, "owner"), "owner");
        uint gid = Narrow(pax.Gid ?? Number(header, TarLayout.Gid, TarLayout.GidLength, "group"), "group");
        bool hasTime = pax.ModifiedSeconds.HasValue;
        long seconds = pax.ModifiedSeconds ?? Number(header, TarLayout.Modified, TarLayout.ModifiedLength, "time");
        bool device = kind is NodeKind.CharacterDevice or NodeKind.BlockDevice;
        uint major = device ? Device(header, TarLayout.DeviceMajor, TarLayout.DeviceMajorLength, pax.DeviceMajor) : 0;
        uint minor = device ? Device(header, TarLayout.DeviceMinor, TarLayout.DeviceMinorLength, pax.DeviceMinor) : 0;

        // From here on the window moves and the header is gone.
        long size = 0;
        DataRange[]? map = null;
        if (kind == NodeKind.File)
        {
            map = type == TarLayout.TypeGnuSparse ? ReadOldSparse(stored, out size) : ReadPlainOrPaxSparse(ref stored, out size);
            ExpectData(stored);
            ranges = map ?? (stored > 0 ? [new DataRange(0, stored)] : null);
            nextRange = 0;
        }
        else
        {
            source.Consume(TarLayout.BlockSize);
            // Old programs leave the file's size in a hard link, with no data after it; a dumped directory has data of no use to a tree.
            ExpectData(type == TarLayout.TypeGnuDumpDirectory ? stored : 0);
        }
        return new TreeEntry
        {
            Path = path,
            Kind = kind,
            Mode = mode,
            Uid = uid,
            Gid = gid,
            ModifiedSeconds = seconds,
            ModifiedNanoseconds = hasTime ? pax.ModifiedNanoseconds : 0,
            Size = size,
            Target = target,
            DeviceMajor = major,
            DeviceMinor = minor,
            Attributes = pax.TakeAttributes(),
            DataRanges = map,
        };
    }

    private NodeKind KindOf(byte type, bool endsWithSlash) =>
        type switch
        {
            // Before POSIX a directory was a file whose name ends with a slash.
            TarLayout.TypeFileOld or TarLayout.TypeFile when endsWithSlash => NodeKind.Directory,
            TarLayout.TypeFileOld or TarLayout.TypeFile or TarLayout.TypeContiguous or TarLayout.TypeGnuSparse => NodeKind.File,
            TarLayout.TypeHardLink => NodeKind.HardLink,
            TarLayout.TypeSymlink => NodeKind.Symlink,
            TarLayout.TypeCharacterDevice => NodeKind.CharacterDevice,
            TarLayout.TypeBlockDevice => NodeKind.BlockDevice,
            TarLayout.TypeDirectory or TarLayout.TypeGnuDumpDirectory => NodeKind.Directory,
            TarLayout.TypeFifo => NodeKind.Fifo,
            _ => throw Invalid($"entry of unknown type 0x{type:x2}"),
        };

    private bool EndsWithSlash(ReadOnlySpan<byte> header)
    {
        ReadOnlySpan<byte> name = pax.Path ?? Text(header.Slice(TarLayout.Name, TarLayout.NameLength));
        return !name.IsEmpty && name[^1] == '/';
    }

    private UnixPath PathOf(ReadOnlySpan<byte> header, bool posix)
    {
        byte[]? given = pax.SparseName ?? pax.Path;
        ReadOnlySpan<byte> name = Text(header.Slice(TarLayout.Name, TarLayout.NameLength));
        ReadOnlySpan<byte> prefix = posix ? Text(header.Slice(TarLayout.Prefix, TarLayout.PrefixLength)) : default;
        if (given is not null || prefix.IsEmpty)
        {
            return Normalise(given ?? name, "name");
        }
        Span<byte> joined = stackalloc byte[TarLayout.PrefixLength + 1 + TarLayout.NameLength];
        prefix.CopyTo(joined);
        joined[prefix.Length] = (byte)'/';
        name.CopyTo(joined[(prefix.Length + 1)..]);
        return Normalise(joined[..(prefix.Length + 1 + name.Length)], "name");
    }

    private UnixPath TargetOf(ReadOnlySpan<byte> header, NodeKind kind)
    {
        if (kind is not (NodeKind.Symlink or NodeKind.HardLink))
        {
            return default;
        }
        ReadOnlySpan<byte> raw = pax.LinkPath ?? Text(header.Slice(TarLayout.LinkName, TarLayout.LinkNameLength));
        if (kind == NodeKind.HardLink)
        {
            return Normalise(raw, "link target");
        }
        if (raw.IsEmpty || raw.Length >= EntryPath.MaximumLength || raw.Contains((byte)0))
        {
            throw Invalid("the target of a symbolic link is empty, has a NUL, or is longer than 4,095 bytes");
        }
        return new UnixPath(raw.ToArray());
    }

    private UnixPath Normalise(ReadOnlySpan<byte> raw, string what)
    {
        if (raw.IsEmpty)
        {
            throw Invalid($"the {what} is empty");
        }
        return EntryPath.TryNormalise(raw, out UnixPath path)
            ? path
            : throw Invalid(
                $"the {what} \"{Shown(raw)}\" has a \"..\" component, has a NUL, or is longer than {EntryPath.MaximumLength} bytes"
            );
    }

    private static string Shown(ReadOnlySpan<byte> raw) => new UnixPath(raw[..Math.Min(raw.Length, 200)].ToArray()).ToString();

    private byte[] ReadLongName()
    {
        long size = Number(source.Buffered, TarLayout.Size, TarLayout.SizeLength, "size");
        if (size is < 1 or > EntryPath.MaximumLength + 1)
        {
            throw Invalid($"a GNU long name of {size} bytes; names have 1 to {EntryPath.MaximumLength}");
        }
        ReadOnlySpan<byte> block = ReadBlocks((int)size);
        byte[] name = Text(block).ToArray();
        ConsumeBlocks((int)size);
        return name;
    }

    private void ReadPax(PaxValues into)
    {
        long size = Number(source.Buffered, TarLayout.Size, TarLayout.SizeLength, "size");
        if (size is < 0 or > TarLayout.MaximumPax)
        {
            throw Invalid($"a pax header of {size} bytes; at most {TarLayout.MaximumPax} are read");
        }
        string? problem = into.Parse(ReadBlocks((int)size));
        if (problem is not null)
        {
            throw Invalid(problem);
        }
        ConsumeBlocks((int)size);
    }

    /// <summary>Passes the header and brings the bytes that follow it into the window, without passing them.</summary>
    private ReadOnlySpan<byte> ReadBlocks(int size)
    {
        source.Consume(TarLayout.BlockSize);
        if (!source.Ensure((size + TarLayout.BlockSize - 1) & -TarLayout.BlockSize))
        {
            throw Cut("an extended header");
        }
        return source.Buffered[..size];
    }

    private void ConsumeBlocks(int size) => source.Consume((size + TarLayout.BlockSize - 1) & -TarLayout.BlockSize);

    private void CheckSum(ReadOnlySpan<byte> header)
    {
        long written = Number(header, TarLayout.Checksum, TarLayout.ChecksumLength, "checksum");
        int sum = TarNumber.Sum(header);
        if (written != sum && written != TarNumber.SignedSum(header))
        {
            throw Invalid($"the header's checksum is {written}, its bytes give {sum}: this is no tar header");
        }
    }

    private long Number(ReadOnlySpan<byte> header, int offset, int length, string what) =>
        TarNumber.TryRead(header.Slice(offset, length), out long value) ? value : throw Invalid($"the {what} is not a number");

    private uint Device(ReadOnlySpan<byte> header, int offset, int length, long? given) =>
        Narrow(given ?? Number(header, offset, length, "device number"), "device number");

    private uint Narrow(long value, string what) =>
        value is >= 0 and <= uint.MaxValue ? (uint)value : throw Invalid($"the {what} {value} does not fit 32 bits");

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }
}
