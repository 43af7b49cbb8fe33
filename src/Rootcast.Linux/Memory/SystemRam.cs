using System.Globalization;

namespace Rootcast.Linux.Memory;

/// <summary>Where the machine has memory: /proc/iomem's lines <c>System RAM</c>.</summary>
public static class SystemRam
{
    /// <summary>Reads the file's text: page frames from the first to before the second number. Empty where the addresses are hidden, which they are without
    /// CAP_SYS_ADMIN.</summary>
    public static IReadOnlyList<(long From, long To)> Parse(string text)
    {
        List<(long From, long To)> ranges = [];
        int page = Environment.SystemPageSize;
        foreach (string line in text.Split('\n'))
        {
            // "  100000000-17fffffff : System RAM (virtio_mem)": indented below what it is a part of.
            string[] words = line.Trim().Split(' ', 3);
            string[] addresses = words[0].Split('-');
            if (
                words.Length == 3
                && words[2].StartsWith("System RAM", StringComparison.Ordinal)
                && addresses.Length == 2
                && Address(addresses[0]) is { } first
                && Address(addresses[1]) is { } last
                && last > first
                && (ranges.Count == 0 || first / page >= ranges[^1].To)
            )
            {
                ranges.Add(((first + page - 1) / page, (last + 1) / page));
            }
        }
        return ranges;
    }

    private static long? Address(string text) =>
        long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long address)
        && address is >= 0 and < 1L << 56
            ? address
            : null;
}
