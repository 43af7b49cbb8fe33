using Rootcast.Formats.Tree;

namespace Rootcast.Formats.Cpio;

public sealed partial class CpioReader
{
    /// <summary>Reads the entry whose header starts here; null when it is a trailer or one that the kernel passes over.</summary>
    private TreeEntry? ReadEntry()
    {
        CpioHeader header = ReadHeader();
        long body = header.FileSize;
        long nameEnd = CpioLayout.HeaderLength + (long)header.NameSize;
        DataOffset = headerOffset + CpioLayout.Aligned(nameEnd);
        string? passedOver =
            header.NameSize is 0 or > CpioLayout.MaximumName
                ? $"the kernel passes over this entry: its name has {header.NameSize} bytes, it reads 1 to {CpioLayout.MaximumName}"
            : header.Type == CpioLayout.TypeSymlink && body > CpioLayout.MaximumTarget
                ? $"the kernel passes over this symbolic link: its target has {body} bytes, it reads at most {CpioLayout.MaximumTarget}"
            : body > 0 && header.Type is not (CpioLayout.TypeFile or CpioLayout.TypeSymlink)
                ? $"the kernel passes over this entry: it is no file and yet has {body} bytes of data"
            : null;
        if (passedOver is not null)
        {
            PassEntry(header, passedOver);
            return null;
        }
        int headerAndName = (int)CpioLayout.Aligned(nameEnd);
        int wanted = headerAndName + (header.Type == CpioLayout.TypeSymlink ? (int)body : 0);
        if (!source.Ensure(wanted))
        {
            throw Cut("a name");
        }
        ReadOnlySpan<byte> name = source.Buffered.Slice(CpioLayout.HeaderLength, (int)header.NameSize);
        if (name[^1] != 0)
        {
            throw Invalid("the name does not end with a NUL");
        }
        // NULs inside the field push the data to a multiple of something; the name ends at the first.
        name = name[..name.IndexOf((byte)0)];
        if (name.SequenceEqual(CpioLayout.Trailer) && header.Type != CpioLayout.TypeSymlink)
        {
            sawTrailer = true;
            ArchivesEnded++;
            links.Clear();
            PassEntry(header, null);
            return null;
        }
        return Build(header, name, headerAndName, wanted);
    }

    private CpioHeader ReadHeader()
    {
        if (!source.Ensure(CpioLayout.HeaderLength))
        {
            throw Cut("a header");
        }
        ReadOnlySpan<byte> bytes = source.Buffered[..CpioLayout.HeaderLength];
        bool hasCheck = bytes.StartsWith(CpioLayout.MagicWithCheck);
        if (!hasCheck && !bytes.StartsWith(CpioLayout.Magic))
        {
            throw Invalid(
                bytes.StartsWith(CpioLayout.OldMagic)
                    ? "the archive is in the old portable format; the kernel reads only newc (cpio -H newc)"
                    : "no cpio magic"
            );
        }
        return CpioHeader.TryRead(bytes, hasCheck, out CpioHeader header) is { } field
            ? throw Invalid($"the header's field at its byte {field} is not hexadecimal")
            : header;
    }

    private TreeEntry? Build(CpioHeader header, ReadOnlySpan<byte> name, int headerAndName, int wanted)
    {
        NodeKind? kind = KindOf(header.Type);
        if (kind is null || name.IsEmpty)
        {
            PassEntry(
                header,
                kind is null ? $"the kernel passes over this entry: mode {header.Mode:x} is of no known type" : "an entry without a name"
            );
            return null;
        }
        if (!EntryPath.TryNormalise(name, out UnixPath path))
        {
            throw Invalid($"the name \"{new UnixPath(name.ToArray())}\" has a \"..\" component");
        }
        UnixPath target = default;
        if (kind == NodeKind.Symlink)
        {
            ReadOnlySpan<byte> bytes = source.Buffered[headerAndName..wanted];
            int end = bytes.IndexOf((byte)0);
            bytes = end < 0 ? bytes : bytes[..end];
            if (bytes.IsEmpty)
            {
                PassEntry(header, "a symbolic link to nothing, which can't be made");
                return null;
            }
            target = new UnixPath(bytes.ToArray());
        }
        else if (header.LinkCount >= 2 && kind != NodeKind.Directory)
        {
            CpioLinkKey key = new(header.Inode, header.DeviceMajor, header.DeviceMinor, header.Type);
            if (links.TryGetValue(key, out target))
            {
                kind = NodeKind.HardLink;
            }
            else
            {
                links.Add(key, path);
            }
        }
        sawEntry = true;
        sawTrailer = false;
        bool isFile = header.Type == CpioLayout.TypeFile;
        bool device = kind is NodeKind.CharacterDevice or NodeKind.BlockDevice;
        source.Consume(wanted);
        dataLeft = isFile ? header.FileSize : 0;
        padding = (int)(-(long)header.FileSize & (CpioLayout.Alignment - 1));
        checking = header.HasCheck && isFile && header.FileSize > 0;
        expectedCheck = header.Check;
        check = 0;
        return new TreeEntry
        {
            Path = path,
            Kind = kind.Value,
            Mode = (int)(header.Mode & CpioLayout.PermissionMask),
            Uid = header.Uid,
            Gid = header.Gid,
            ModifiedSeconds = header.Modified,
            Size = dataLeft,
            Target = target,
            DeviceMajor = device ? header.NodeMajor : 0,
            DeviceMinor = device ? header.NodeMinor : 0,
        };
    }

    private void PassEntry(CpioHeader header, string? reason)
    {
        if (reason is not null)
        {
            Note(headerOffset, reason);
            sawEntry = true;
            sawTrailer = false;
        }
        long length = CpioLayout.Aligned(CpioLayout.Aligned(CpioLayout.HeaderLength + (long)header.NameSize) + header.FileSize);
        if (source.Skip(length) != length)
        {
            throw Cut("an entry");
        }
    }

    private static NodeKind? KindOf(int type) =>
        type switch
        {
            CpioLayout.TypeFile => NodeKind.File,
            CpioLayout.TypeDirectory => NodeKind.Directory,
            CpioLayout.TypeSymlink => NodeKind.Symlink,
            CpioLayout.TypeCharacterDevice => NodeKind.CharacterDevice,
            CpioLayout.TypeBlockDevice => NodeKind.BlockDevice,
            CpioLayout.TypeFifo => NodeKind.Fifo,
            CpioLayout.TypeSocket => NodeKind.Socket,
            _ => null,
        };
}
