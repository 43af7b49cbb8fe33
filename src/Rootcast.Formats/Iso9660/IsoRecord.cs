using System.Buffers.Binary;

namespace Rootcast.Formats.Iso9660;

/// <summary>An entry of a directory of ISO 9660, with what Rock Ridge adds.</summary>
public sealed record IsoRecord
{
    /// <summary>Its name: Rock Ridge's, else that of ISO 9660 in lower case without its version. Empty for the directory itself and its parent.</summary>
    public required UnixPath Name { get; init; }

    /// <summary>First block of its data.</summary>
    public required long Block { get; init; }

    /// <summary>Bytes of its data.</summary>
    public required long Length { get; init; }

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory { get; init; }

    /// <summary>Whether the next record goes on with the same file.</summary>
    public bool Continues { get; init; }

    /// <summary>Modification time in seconds since 1970.</summary>
    public long Modified { get; init; }

    /// <summary>Type and permission bits as in st_mode; null without Rock Ridge.</summary>
    public uint? Mode { get; init; }

    /// <summary>Owner.</summary>
    public uint Uid { get; init; }

    /// <summary>Group.</summary>
    public uint Gid { get; init; }

    /// <summary>Target of a symbolic link.</summary>
    public UnixPath Target { get; init; }

    /// <summary>Major number of a device.</summary>
    public uint DeviceMajor { get; init; }

    /// <summary>Minor number of a device.</summary>
    public uint DeviceMinor { get; init; }

    /// <summary>Of a directory that was moved because it was too deep: the block where it is; then <see cref="Block"/> and <see cref="Length"/> mean
    /// nothing.</summary>
    public long? MovedTo { get; init; }

    /// <summary>Whether this is the place that a deep directory was moved to: its right place is elsewhere.</summary>
    public bool IsMoved { get; init; }

    /// <summary>Bytes before the system use entries of every record of the volume; only the root's own record says it.</summary>
    public int Skip { get; init; }

    /// <summary>Reads one record.</summary>
    /// <param name="record">All of its bytes.</param>
    /// <param name="skip"><see cref="Skip"/> of the volume.</param>
    /// <param name="continuation">Fetches entries that are elsewhere.</param>
    /// <exception cref="InvalidDataException">It cannot be.</exception>
    internal static IsoRecord Read(ReadOnlySpan<byte> record, int skip, IsoContinuation continuation)
    {
        int nameLength = record[IsoLayout.RecordNameLength];
        if (IsoLayout.RecordName + nameLength > record.Length)
        {
            throw new InvalidDataException($"iso9660: a name of {nameLength} bytes in a record of {record.Length}");
        }
        ReadOnlySpan<byte> name = record.Slice(IsoLayout.RecordName, nameLength);
        byte flags = record[IsoLayout.RecordFlags];
        IsoRecord plain = new()
        {
            Name = name is [0] or [1] ? default : PlainName(name),
            Block = BinaryPrimitives.ReadUInt32LittleEndian(record[IsoLayout.RecordExtent..]),
            Length = BinaryPrimitives.ReadUInt32LittleEndian(record[IsoLayout.RecordBytes..]),
            IsDirectory = (flags & IsoLayout.FlagDirectory) != 0,
            Continues = (flags & IsoLayout.FlagContinues) != 0,
            Modified = IsoTime.Read(record[IsoLayout.RecordTime..]),
        };
        // The name is padded so that what follows starts at an even byte.
        int use = IsoLayout.RecordName + nameLength + ((nameLength & 1) == 0 ? 1 : 0) + skip;
        return use < record.Length ? IsoSystemUse.Apply(plain, record[use..], continuation) : plain;
    }

    private static UnixPath PlainName(ReadOnlySpan<byte> name)
    {
        int version = name.IndexOf((byte)';');
        byte[] plain = (version < 0 ? name : name[..version]).ToArray();
        for (int i = 0; i < plain.Length; i++)
        {
            plain[i] = plain[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(plain[i] | 0x20) : plain[i];
        }
        return new UnixPath(plain is [.., (byte)'.'] ? plain.AsMemory(..^1) : plain);
    }
}
