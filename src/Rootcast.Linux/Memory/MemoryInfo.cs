using System.Globalization;
using Rootcast.Linux.Files;

namespace Rootcast.Linux.Memory;

/// <summary>/proc/meminfo, in bytes.</summary>
/// <param name="Total">MemTotal.</param>
/// <param name="Free">MemFree.</param>
/// <param name="Available">MemAvailable.</param>
public sealed record MemoryInfo(long Total, long Free, long Available)
{
    /// <summary>Memory in use now, in bytes (MemTotal − MemAvailable, less <see cref="FreeOnProcessors"/>), and MemFree.</summary>
    public static (long InUse, long Free) Sample()
    {
        MemoryInfo memory = Read();
        return (memory.Total - memory.Available - FreeOnProcessors(SmallFile.ReadText("/proc/zoneinfo")), memory.Free);
    }

    /// <summary>Free pages that each processor keeps on lists of its own, in bytes: tens of MiB after much was freed at once. Neither MemFree nor
    /// MemAvailable has them, so without them what is in use is partly chance.</summary>
    /// <param name="zones">The text of /proc/zoneinfo.</param>
    public static long FreeOnProcessors(string zones)
    {
        long pages = 0;
        foreach (ReadOnlySpan<char> line in zones.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> field = line.Trim();
            if (field.StartsWith("count:", StringComparison.Ordinal))
            {
                pages += long.TryParse(field["count:".Length..], CultureInfo.InvariantCulture, out long count) ? count : 0;
            }
        }
        return pages * Environment.SystemPageSize;
    }

    /// <summary>Reads it now.</summary>
    public static MemoryInfo Read() => Parse(SmallFile.ReadText("/proc/meminfo"));

    /// <summary>Reads the text of the file; a field that is absent is 0.</summary>
    public static MemoryInfo Parse(string text) => new(Field(text, "MemTotal:"), Field(text, "MemFree:"), Field(text, "MemAvailable:"));

    /// <summary>A field of /proc/meminfo or /proc/PID/status in bytes; 0 where it is absent.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="name">With its colon: <c>MemTotal:</c>.</param>
    public static long Field(string text, string name)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(name, StringComparison.Ordinal))
            {
                continue;
            }
            ReadOnlySpan<char> value = line[name.Length..].Trim();
            value = value.EndsWith(" kB", StringComparison.Ordinal) ? value[..^3] : value;
            return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long kilobytes) ? kilobytes * 1024 : 0;
        }
        return 0;
    }
}
