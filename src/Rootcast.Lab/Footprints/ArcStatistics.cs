using System.Globalization;

namespace Rootcast.Lab.Footprints;

/// <summary>What OpenZFS counts of its cache. Data is in pages of its own, which carry no flag that tells whose they are; names, headers and small buffers are in slab caches.</summary>
public static class ArcStatistics
{
    /// <summary>Counters of the buffers (abd_stats in module/os/linux/zfs/abd_os.c).</summary>
    public const string Buffers = "/proc/spl/kstat/zfs/abdstats";

    /// <summary>Bytes of whole pages: what is used of them, and what is not.</summary>
    /// <param name="text">Of <see cref="Buffers"/>: lines of <c>name type value</c>; empty without OpenZFS.</param>
    public static long PagesOf(string text)
    {
        long sum = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            string[] words = line.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (
                words is ["scatter_data_size" or "scatter_chunk_waste", _, var value]
                && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            )
            {
                sum += bytes;
            }
        }
        return sum;
    }
}
