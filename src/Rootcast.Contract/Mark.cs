using System.Globalization;

namespace Rootcast.Contract;

/// <summary>A named moment of a boot.</summary>
/// <param name="Name">One of <see cref="Marks"/>, or a name that a carrier or form adds (lower case, digits, hyphens).</param>
/// <param name="Time">Since the kernel's start (CLOCK_BOOTTIME).</param>
public readonly record struct Mark(string Name, TimeSpan Time)
{
    /// <summary>Reads <c>NAME NANOSECONDS</c>.</summary>
    public static bool TryParse(string text, out Mark mark)
    {
        mark = default;
        string[] words = text.Split(' ');
        if (
            words.Length != 2
            || words[0].Length is 0 or > 64
            || !long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out long nanoseconds)
        )
        {
            return false;
        }
        mark = new Mark(words[0], TimeSpan.FromTicks(nanoseconds / 100));
        return true;
    }

    /// <summary>As <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {Time.Ticks * 100}");
}
