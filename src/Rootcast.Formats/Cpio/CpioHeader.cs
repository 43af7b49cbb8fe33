namespace Rootcast.Formats.Cpio;

/// <summary>The thirteen fields of a header as numbers.</summary>
internal readonly struct CpioHeader
{
    public required bool HasCheck { get; init; }

    public required uint Inode { get; init; }

    public required uint Mode { get; init; }

    public required uint Uid { get; init; }

    public required uint Gid { get; init; }

    public required uint LinkCount { get; init; }

    public required uint Modified { get; init; }

    public required uint FileSize { get; init; }

    public required uint DeviceMajor { get; init; }

    public required uint DeviceMinor { get; init; }

    public required uint NodeMajor { get; init; }

    public required uint NodeMinor { get; init; }

    public required uint NameSize { get; init; }

    public required uint Check { get; init; }

    public int Type => (int)(Mode & CpioLayout.TypeMask);

    /// <summary>Reads the fields behind a magic that was looked at before.</summary>
    /// <returns>Null, or the offset of the field that is not hexadecimal.</returns>
    public static int? TryRead(ReadOnlySpan<byte> bytes, bool hasCheck, out CpioHeader header)
    {
        Span<uint> fields = stackalloc uint[(CpioLayout.HeaderLength - CpioLayout.MagicLength) / CpioLayout.FieldLength];
        header = default;
        for (int index = 0; index < fields.Length; index++)
        {
            int offset = CpioLayout.MagicLength + index * CpioLayout.FieldLength;
            if (!TryHex(bytes.Slice(offset, CpioLayout.FieldLength), out fields[index]))
            {
                return offset;
            }
        }
        header = new CpioHeader
        {
            HasCheck = hasCheck,
            Inode = fields[0],
            Mode = fields[1],
            Uid = fields[2],
            Gid = fields[3],
            LinkCount = fields[4],
            Modified = fields[5],
            FileSize = fields[6],
            DeviceMajor = fields[7],
            DeviceMinor = fields[8],
            NodeMajor = fields[9],
            NodeMinor = fields[10],
            NameSize = fields[11],
            Check = fields[12],
        };
        return null;
    }

    private static bool TryHex(ReadOnlySpan<byte> digits, out uint value)
    {
        value = 0;
        foreach (byte digit in digits)
        {
            int nibble = digit switch
            {
                >= (byte)'0' and <= (byte)'9' => digit - '0',
                >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
                _ => -1,
            };
            if (nibble < 0)
            {
                return false;
            }
            value = value << 4 | (uint)nibble;
        }
        return true;
    }
}
