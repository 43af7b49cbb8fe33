using Rootcast.Lab.Footprints;
using Rootcast.Lab.Measuring;

namespace Rootcast.Lab.Reports;

/// <summary>The kinds of <see cref="RowKinds"/> in groups that a chart can show at a glance, from what a form pins to what the kernel gives back.</summary>
public static class OwnerGroups
{
    private const string Files = "files in memory";
    private const string Images = "images in memory";
    private const string Compressed = "compressed in zram";
    private const string Processes = "processes";
    private const string Kernel = "kernel";
    private const string CacheOfFiles = "cache of files";
    private const string CacheOfImages = "cache of images and devices";
    private const string Free = "free, held by processors";
    private const string Measuring = "the measuring itself";
    private const string Remainder = "remainder";

    /// <summary>The groups, in the order in which they are stacked.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [Files, Images, Compressed, Processes, Kernel, CacheOfFiles, CacheOfImages, Free, Measuring, Remainder];

    /// <summary>Bytes of each group.</summary>
    public static long[] Sums(OwnerTable table)
    {
        long[] sums = new long[Names.Count];
        foreach (MeasuredOwner row in table.Rows)
        {
            sums[Index(Of(row))] += row.Bytes;
        }
        sums[Index(Remainder)] += table.RemainderBytes;
        return sums;
    }

    /// <summary>Whether the measuring itself holds it.</summary>
    public static bool IsMeasuring(MeasuredOwner row) => row.Owner.Contains(MeasureScript.Place, StringComparison.Ordinal);

    private static int Index(string group) => Enumerable.Range(0, Names.Count).First(i => Names[i] == group);

    private static string Of(MeasuredOwner row)
    {
        if (IsMeasuring(row))
        {
            return Measuring;
        }
        return row.Kind switch
        {
            RowKinds.MemoryFiles or RowKinds.SharedMemory => Files,
            RowKinds.MemoryImage or RowKinds.ExceptionStore => Images,
            RowKinds.Compressed => Compressed,
            RowKinds.Anonymous => Processes,
            RowKinds.CachedFiles or RowKinds.OtherCache => CacheOfFiles,
            RowKinds.CachedDevice or RowKinds.CachedImage => CacheOfImages,
            RowKinds.Free => Free,
            _ => Kernel,
        };
    }
}
