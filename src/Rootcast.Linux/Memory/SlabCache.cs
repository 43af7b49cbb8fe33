using System.Globalization;

namespace Rootcast.Linux.Memory;

/// <summary>A line of /proc/slabinfo, version 2 (slabinfo(5)).</summary>
/// <param name="Name">The cache's name. Caches of like objects are merged; the name is then that of the first.</param>
/// <param name="ActiveObjects">Objects in use.</param>
/// <param name="ObjectBytes">Size of an object.</param>
/// <param name="Bytes">Memory of all its slabs.</param>
public sealed record SlabCache(string Name, long ActiveObjects, long ObjectBytes, long Bytes)
{
    private const int Columns = 16;
    private const int PagesPerSlab = 5;
    private const int SlabCount = 14;

    /// <summary>Reads the file's text; lines that are not of this form are left out.</summary>
    public static IReadOnlyList<SlabCache> Parse(string text)
    {
        List<SlabCache> caches = [];
        foreach (string line in text.Split('\n'))
        {
            // name active total size objects-per-slab pages-per-slab : tunables 3 numbers : slabdata active-slabs slabs shared
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (
                words.Length >= Columns
                && words[0] != "#"
                && Number(words[1]) is { } active
                && Number(words[3]) is { } size
                && Number(words[PagesPerSlab]) is { } pages
                && Number(words[SlabCount]) is { } slabs
            )
            {
                caches.Add(new SlabCache(words[0], active, size, pages * slabs * Environment.SystemPageSize));
            }
        }
        return caches;
    }

    // 32 bits each: no product of them can overflow.
    private static long? Number(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) && number < 1 << 30 ? number : null;
}
