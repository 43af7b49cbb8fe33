using System.Globalization;

namespace Rootcast.Lab.Boots;

/// <summary>/proc/meminfo of a guest when it was ready, before anything else ran. Values in bytes.</summary>
public sealed class GuestMemory
{
    private readonly Dictionary<string, long> values = new(StringComparer.Ordinal);

    /// <summary>MemTotal − MemAvailable.</summary>
    public long Used => this["MemTotal"] - this["MemAvailable"];

    /// <summary><see cref="Used"/> without the free pages that each processor keeps on lists of its own (PerCpuFree): how many these are is chance.</summary>
    public long InUse => Used - this["PerCpuFree"];

    /// <summary>MemTotal − MemFree.</summary>
    public long UsedFree => this["MemTotal"] - this["MemFree"];

    /// <summary>Whether the three values that count were there.</summary>
    public bool Complete => values.ContainsKey("MemTotal") && values.ContainsKey("MemAvailable") && values.ContainsKey("MemFree");

    /// <summary>A value by its name; 0 when the guest did not report it.</summary>
    public long this[string name] => values.GetValueOrDefault(name);

    /// <summary>Takes a line such as <c>MemTotal:        2014240 kB</c>; false when it is not one.</summary>
    public bool Add(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            return false;
        }
        string[] words = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (
            words.Length is 0 or > 2
            || !long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out long amount)
            || amount > long.MaxValue >> 10
        )
        {
            return false;
        }
        values[line[..colon]] = words.Length == 2 ? amount << 10 : amount;
        return true;
    }
}
