using System.Globalization;

namespace Rootcast.Linux.Memory;

/// <summary>/proc/zoneinfo, all zones together, in bytes.</summary>
/// <param name="Present">Memory that the machine has.</param>
/// <param name="Managed">What of it the allocator was given: MemTotal. The rest the kernel reserved at boot.</param>
/// <param name="FreeOnProcessors">Free pages on the processors' own lists, which MemFree does not count.</param>
public sealed record ZoneInfo(long Present, long Managed, long FreeOnProcessors)
{
    /// <summary>Reads the file's text.</summary>
    public static ZoneInfo Parse(string text)
    {
        (long present, long managed) = (0, 0);
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> field = line.Trim();
            present += Pages(field, "present ");
            managed += Pages(field, "managed ");
        }
        int page = Environment.SystemPageSize;
        return new ZoneInfo(present * page, managed * page, MemoryInfo.FreeOnProcessors(text));
    }

    private static long Pages(ReadOnlySpan<char> field, string name) =>
        field.StartsWith(name, StringComparison.Ordinal)
        && uint.TryParse(field[name.Length..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out uint pages)
            ? pages
            : 0;
}
