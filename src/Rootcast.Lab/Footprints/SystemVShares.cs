using System.Globalization;

namespace Rootcast.Lab.Footprints;

/// <summary>/proc/sysvipc/shm: what System V shared memory has in memory.</summary>
internal static class SystemVShares
{
    /// <summary>The sum of the column <c>rss</c>, in bytes.</summary>
    public static long Parse(string text)
    {
        string[] lines = text.Split('\n');
        int column = Array.IndexOf(lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries), "rss");
        long sum = 0;
        foreach (string line in lines.Skip(1))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (
                column >= 0
                && words.Length > column
                && long.TryParse(words[column], NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
                && bytes < 1L << 50
            )
            {
                sum += bytes;
            }
        }
        return sum;
    }
}
