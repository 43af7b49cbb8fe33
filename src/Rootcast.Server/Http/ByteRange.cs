using System.Globalization;

namespace Rootcast.Server.Http;

/// <summary>The part of a file that a request asks for (RFC 9110 section 14).</summary>
/// <param name="Kind">What the answer is to be.</param>
/// <param name="Offset">First byte.</param>
/// <param name="Length">How many bytes.</param>
public readonly record struct ByteRange(ByteRangeKind Kind, long Offset, long Length)
{
    /// <summary>Reads a Range header. Other units, several ranges and what is malformed give the whole file, as the RFC allows and demands.</summary>
    /// <param name="header">The header's value; empty when there is none.</param>
    /// <param name="total">Length of the file.</param>
    public static ByteRange Parse(ReadOnlySpan<char> header, long total)
    {
        ByteRange whole = new(ByteRangeKind.Whole, 0, total);
        const string unit = "bytes=";
        if (!header.StartsWith(unit, StringComparison.OrdinalIgnoreCase))
        {
            return whole;
        }
        ReadOnlySpan<char> text = header[unit.Length..].Trim();
        int dash = text.IndexOf('-');
        if (dash < 0 || text.Contains(','))
        {
            return whole;
        }
        ReadOnlySpan<char> before = text[..dash].Trim();
        ReadOnlySpan<char> after = text[(dash + 1)..].Trim();
        if (before.IsEmpty)
        {
            return !TryNumber(after, out long suffix) ? whole
                : suffix == 0 || total == 0 ? new ByteRange(ByteRangeKind.Unsatisfiable, 0, 0)
                : new ByteRange(ByteRangeKind.Part, total - Math.Min(suffix, total), Math.Min(suffix, total));
        }
        long last = total - 1;
        if (!TryNumber(before, out long first) || (!after.IsEmpty && (!TryNumber(after, out last) || last < first)))
        {
            return whole;
        }
        return first >= total
            ? new ByteRange(ByteRangeKind.Unsatisfiable, 0, 0)
            : new ByteRange(ByteRangeKind.Part, first, Math.Min(last, total - 1) - first + 1);
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
