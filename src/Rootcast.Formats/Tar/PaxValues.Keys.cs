using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using Rootcast.Formats.Tree;

namespace Rootcast.Formats.Tar;

internal sealed partial class PaxValues
{
    private static ReadOnlySpan<byte> SchilyAttribute => "SCHILY.xattr."u8;

    private static ReadOnlySpan<byte> LibarchiveAttribute => "LIBARCHIVE.xattr."u8;

    private static ReadOnlySpan<byte> Sparse => "GNU.sparse."u8;

    private string? Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.StartsWith(SchilyAttribute))
        {
            return AddAttribute(key[SchilyAttribute.Length..], value.ToArray(), replace: true);
        }
        if (key.StartsWith(LibarchiveAttribute))
        {
            return FromBase64(value) is { } decoded
                ? AddAttribute(key[LibarchiveAttribute.Length..], decoded, replace: false)
                : "the value of a LIBARCHIVE.xattr is not base64";
        }
        if (key.StartsWith(Sparse))
        {
            return SetSparse(key[Sparse.Length..], value);
        }
        if (key.SequenceEqual("path"u8))
        {
            Path = value.IsEmpty ? null : value.ToArray();
            return null;
        }
        if (key.SequenceEqual("linkpath"u8))
        {
            LinkPath = value.IsEmpty ? null : value.ToArray();
            return null;
        }
        if (key.SequenceEqual("mtime"u8))
        {
            return TrySetTime(value) ? null : "mtime in a pax header is not a time";
        }
        return SetNumber(key, value);
    }

    private string? SetNumber(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        bool valid = TryNumber(value, out long? number);
        if (key.SequenceEqual("size"u8))
        {
            Size = number;
        }
        else if (key.SequenceEqual("uid"u8))
        {
            Uid = number;
        }
        else if (key.SequenceEqual("gid"u8))
        {
            Gid = number;
        }
        else if (key.SequenceEqual("SCHILY.devmajor"u8))
        {
            DeviceMajor = number;
        }
        else if (key.SequenceEqual("SCHILY.devminor"u8))
        {
            DeviceMinor = number;
        }
        else
        {
            // Names of users, other times, comments: nothing that a tree keeps.
            return null;
        }
        return valid ? null : $"{Encoding.ASCII.GetString(key)} in a pax header is not a number";
    }

    private string? SetSparse(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("name"u8))
        {
            SparseName = value.IsEmpty ? null : value.ToArray();
            return null;
        }
        if (key.SequenceEqual("map"u8))
        {
            return TrySetMap(value) ? null : "GNU.sparse.map is not a list of pairs of numbers, or too long";
        }
        if (!TryNumber(value, out long? number))
        {
            return "a GNU.sparse value in a pax header is not a number";
        }
        if (key.SequenceEqual("major"u8))
        {
            SparseMajor = number;
        }
        else if (key.SequenceEqual("minor"u8))
        {
            SparseMinor = number;
        }
        else if (key.SequenceEqual("size"u8))
        {
            SparseSize = number;
        }
        else if (key.SequenceEqual("realsize"u8))
        {
            SparseRealSize = number;
        }
        else if (key.SequenceEqual("numblocks"u8))
        {
            SparseMap ??= [];
        }
        else if (key.SequenceEqual("offset"u8))
        {
            sparseOffset = number;
        }
        else if (key.SequenceEqual("numbytes"u8))
        {
            SparseMap ??= [];
            if (sparseOffset is not { } offset || number is not { } length || SparseMap.Count >= TarLayout.MaximumRanges)
            {
                return "GNU.sparse.numbytes in a pax header without its offset, or too many of them";
            }
            SparseMap.Add(new DataRange(offset, length));
            sparseOffset = null;
        }
        return null;
    }

    private bool TrySetMap(ReadOnlySpan<byte> value)
    {
        List<DataRange> map = [];
        while (!value.IsEmpty)
        {
            if (
                !TryMapNumber(ref value, out long offset)
                || !TryMapNumber(ref value, out long length)
                || map.Count >= TarLayout.MaximumRanges
            )
            {
                return false;
            }
            map.Add(new DataRange(offset, length));
        }
        SparseMap = map;
        return true;
    }

    private static bool TryMapNumber(ref ReadOnlySpan<byte> value, out long number)
    {
        int comma = value.IndexOf((byte)',');
        ReadOnlySpan<byte> text = comma < 0 ? value : value[..comma];
        value = comma < 0 ? default : value[(comma + 1)..];
        return Utf8Parser.TryParse(text, out number, out int used) && used == text.Length && number >= 0;
    }

    private string? AddAttribute(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> value, bool replace)
    {
        byte[] escaped = key.ToArray();
        int length = Unescape(escaped);
        if (value.Length > TarLayout.MaximumAttribute)
        {
            return $"an extended attribute of {value.Length} bytes; the kernel keeps at most {TarLayout.MaximumAttribute}";
        }
        if (length == 0 || !Utf8.IsValid(escaped.AsSpan(0, length)) || escaped.AsSpan(0, length).Contains((byte)0))
        {
            return "the name of an extended attribute is empty or not UTF-8";
        }
        string name = Encoding.UTF8.GetString(escaped, 0, length);
        attributes ??= [];
        // libarchive writes each attribute in both spellings.
        int known = attributes.FindIndex(attribute => attribute.Name == name);
        if (known < 0)
        {
            attributes.Add(new ExtendedAttribute(name, value));
        }
        else if (replace)
        {
            attributes[known] = new ExtendedAttribute(name, value);
        }
        return null;
    }

    private bool TrySetTime(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            ModifiedSeconds = null;
            return true;
        }
        bool negative = value[0] == '-';
        int dot = value.IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = dot < 0 ? value : value[..dot];
        ReadOnlySpan<byte> fraction = dot < 0 ? default : value[(dot + 1)..];
        if (
            !Utf8Parser.TryParse(whole, out long seconds, out int used)
            || used != whole.Length
            || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9')
        )
        {
            return false;
        }
        int nanoseconds = 0;
        for (int index = 0; index < 9; index++)
        {
            nanoseconds = nanoseconds * 10 + (index < fraction.Length ? fraction[index] - '0' : 0);
        }
        if (negative && nanoseconds > 0)
        {
            if (seconds == long.MinValue)
            {
                return false;
            }
            seconds--;
            nanoseconds = 1_000_000_000 - nanoseconds;
        }
        ModifiedSeconds = seconds;
        ModifiedNanoseconds = nanoseconds;
        return true;
    }

    /// <summary>A number that is not negative; null for no value, which takes an earlier one back.</summary>
    private static bool TryNumber(ReadOnlySpan<byte> value, out long? number)
    {
        number = null;
        if (value.IsEmpty)
        {
            return true;
        }
        bool read = Utf8Parser.TryParse(value, out long parsed, out int used) && used == value.Length && parsed >= 0;
        number = parsed;
        return read;
    }

    /// <summary>Undoes %HH in place, by which GNU tar hides <c>=</c> and libarchive all odd bytes; returns the new length.</summary>
    private static int Unescape(Span<byte> text)
    {
        int length = 0;
        for (int index = 0; index < text.Length; index++)
        {
            byte letter = text[index];
            if (
                letter == '%'
                && index + 2 < text.Length
                && Utf8Parser.TryParse(text.Slice(index + 1, 2), out byte hex, out int used, 'x')
                && used == 2
            )
            {
                letter = hex;
                index += 2;
            }
            text[length++] = letter;
        }
        return length;
    }

    /// <summary>Base64 with or without its padding (libarchive writes none).</summary>
    private static byte[]? FromBase64(ReadOnlySpan<byte> text)
    {
        byte[] padded = new byte[(text.Length + 3) & ~3];
        text.CopyTo(padded);
        padded.AsSpan(text.Length).Fill((byte)'=');
        return Base64.DecodeFromUtf8InPlace(padded, out int length) == OperationStatus.Done ? padded.AsSpan(0, length).ToArray() : null;
    }
}
