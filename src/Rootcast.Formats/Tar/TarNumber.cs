using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Rootcast.Formats.Tar;

/// <summary>Numbers and checksums of tar headers.</summary>
internal static class TarNumber
{
    /// <summary>Reads a number field: octal digits after blanks, ended by a blank, a NUL or the field; or GNU's base 256, which has the top bit set.
    /// An empty field is 0.</summary>
    public static bool TryRead(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        if ((field[0] & 0x80) != 0)
        {
            return TryReadBase256(field, out value);
        }
        int index = 0;
        while (index < field.Length && field[index] == ' ')
        {
            index++;
        }
        while (index < field.Length && field[index] is >= (byte)'0' and <= (byte)'7')
        {
            // At most 12 digits, 36 bits: no overflow.
            value = value << 3 | (uint)(field[index++] - '0');
        }
        return index == field.Length || field[index] is (byte)' ' or 0;
    }

    /// <summary>Writes octal digits with leading zeros and an ending NUL; false when the field is too short.</summary>
    public static bool TryWrite(Span<byte> field, long value)
    {
        int digits = field.Length - 1;
        if (value < 0 || (digits * 3 < 63 && value >> (digits * 3) != 0))
        {
            return false;
        }
        field[digits] = 0;
        for (int index = digits - 1; index >= 0; index--)
        {
            field[index] = (byte)('0' + (value & 7));
            value >>= 3;
        }
        return true;
    }

    /// <summary>The sum of a header's bytes with the checksum's own field taken as blanks.</summary>
    public static int Sum(ReadOnlySpan<byte> header)
    {
        // Two lanes of four 16-bit sums each: 64 words of at most 2 × 255 can't overflow a lane.
        ulong lanes = 0;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(header[..TarLayout.BlockSize]))
        {
            lanes += (word & 0x00ff_00ff_00ff_00ff) + ((word >> 8) & 0x00ff_00ff_00ff_00ff);
        }
        int sum = (int)((lanes & 0xffff) + ((lanes >> 16) & 0xffff) + ((lanes >> 32) & 0xffff) + (lanes >> 48));
        foreach (byte own in header.Slice(TarLayout.Checksum, TarLayout.ChecksumLength))
        {
            sum += ' ' - own;
        }
        return sum;
    }

    /// <summary>The same sum of bytes taken as signed, which some old programs wrote.</summary>
    public static int SignedSum(ReadOnlySpan<byte> header)
    {
        int sum = 0;
        for (int index = 0; index < TarLayout.BlockSize; index++)
        {
            bool own = index is >= TarLayout.Checksum and < TarLayout.Checksum + TarLayout.ChecksumLength;
            sum += own ? ' ' : (sbyte)header[index];
        }
        return sum;
    }

    private static bool TryReadBase256(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        // The first byte's lower bits are part of the number; 0xff marks a negative one. Only what fits 64 bits is taken.
        bool negative = (field[0] & 0x40) != 0;
        int low = field.Length - 8;
        if (low <= 0)
        {
            // A field of 8 bytes: 62 bits below the marker and the sign.
            ulong bits = BinaryPrimitives.ReadUInt64BigEndian(field);
            value = negative ? (long)bits : (long)(bits & 0x3fff_ffff_ffff_ffff);
            return true;
        }
        byte fill = negative ? (byte)0xff : (byte)0;
        if ((byte)(negative ? field[0] : field[0] & 0x7f) != fill || field[1..low].ContainsAnyExcept(fill))
        {
            return false;
        }
        value = BinaryPrimitives.ReadInt64BigEndian(field[low..]);
        return value < 0 == negative;
    }
}
