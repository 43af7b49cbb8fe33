using System.Globalization;

namespace Rootcast.Contract;

/// <summary>A bound as tmpfs's <c>size=</c> takes it: bytes, with K, M, G or T (powers of 1024), or per cent of the machine's memory.</summary>
/// <param name="Amount">Bytes, or per cent when <paramref name="IsPercent"/>.</param>
/// <param name="IsPercent">Whether the amount is per cent of MemTotal.</param>
public readonly record struct SizeBound(long Amount, bool IsPercent)
{
    /// <summary>So many bytes.</summary>
    public static SizeBound Bytes(long bytes) => new(bytes, IsPercent: false);

    /// <summary>So many per cent of MemTotal.</summary>
    public static SizeBound Percent(int percent) => new(percent, IsPercent: true);

    /// <summary>Reads <c>4096M</c>, <c>2G</c>, <c>50%</c>, <c>1048576</c>. False for anything else, zero and what overflows.</summary>
    public static bool TryParse(string text, out SizeBound bound)
    {
        bound = default;
        if (text.Length == 0)
        {
            return false;
        }
        char unit = char.ToUpperInvariant(text[^1]);
        int shift = unit switch
        {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            'T' => 40,
            _ => 0,
        };
        bool percent = unit == '%';
        string digits = shift > 0 || percent ? text[..^1] : text;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long amount) || amount <= 0)
        {
            return false;
        }
        if (amount > long.MaxValue >> shift || (percent && amount > 100))
        {
            return false;
        }
        bound = new SizeBound(amount << shift, percent);
        return true;
    }

    /// <summary>The bound in bytes on a machine with that much memory.</summary>
    public long ToBytes(long memoryTotal) => IsPercent ? memoryTotal / 100 * Amount : Amount;

    /// <summary>As <c>size=</c> takes it.</summary>
    public override string ToString() => Amount.ToString(CultureInfo.InvariantCulture) + (IsPercent ? "%" : "");
}
