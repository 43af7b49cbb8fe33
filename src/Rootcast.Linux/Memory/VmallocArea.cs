using System.Globalization;

namespace Rootcast.Linux.Memory;

/// <summary>An area of /proc/vmallocinfo that has pages of its own.</summary>
/// <param name="Caller">The function that asked for it: <c>squashfs_read_table</c>.</param>
/// <param name="Module">The module that function is in; null for the kernel itself.</param>
/// <param name="Bytes">Its pages.</param>
public sealed record VmallocArea(string Caller, string? Module, long Bytes)
{
    /// <summary>Reads the file's text. What has no <c>pages=</c> only maps memory that is counted elsewhere, or is a device's.</summary>
    public static IReadOnlyList<VmallocArea> Parse(string text)
    {
        List<VmallocArea> areas = [];
        foreach (string line in text.Split('\n'))
        {
            // 0xSTART-0xEND BYTES CALLER+0xOFFSET/0xLENGTH [MODULE] pages=N vmalloc ...
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string? pages = Array.Find(words, word => word.StartsWith("pages=", StringComparison.Ordinal))?["pages=".Length..];
            if (words.Length < 4 || !uint.TryParse(pages, NumberStyles.None, CultureInfo.InvariantCulture, out uint count))
            {
                continue;
            }
            bool named = !words[2].StartsWith("pages=", StringComparison.Ordinal);
            int plus = words[2].IndexOf('+', StringComparison.Ordinal);
            string caller =
                !named ? "unknown"
                : plus < 0 ? words[2]
                : words[2][..plus];
            string? module = named && words[3] is ['[', .. var inner, ']'] ? inner : null;
            areas.Add(new VmallocArea(caller, module, count * (long)Environment.SystemPageSize));
        }
        return areas;
    }
}
