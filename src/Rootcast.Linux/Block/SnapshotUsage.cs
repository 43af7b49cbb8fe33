using System.Globalization;

namespace Rootcast.Linux.Block;

/// <summary>What a snapshot target's status says (Documentation/admin-guide/device-mapper/snapshot.rst).</summary>
/// <param name="State">How it is.</param>
/// <param name="UsedSectors">Sectors of the exception store that are taken, its own records included; 0 when it does not say.</param>
/// <param name="TotalSectors">Its size.</param>
/// <param name="MetadataSectors">What its own records take of <paramref name="UsedSectors"/>.</param>
public sealed record SnapshotUsage(SnapshotState State, long UsedSectors, long TotalSectors, long MetadataSectors)
{
    /// <summary>Reads <c>USED/TOTAL METADATA</c>, <c>Invalid</c>, <c>Overflow</c>, <c>Merge failed</c>; null for anything else.</summary>
    public static SnapshotUsage? Parse(string status)
    {
        SnapshotState? word = status switch
        {
            "Invalid" => SnapshotState.Invalid,
            "Overflow" => SnapshotState.Overflow,
            "Merge failed" => SnapshotState.MergeFailed,
            _ => null,
        };
        if (word is { } state)
        {
            return new SnapshotUsage(state, 0, 0, 0);
        }
        string[] words = status.Split(' ');
        string[] parts = words[0].Split('/');
        return
            words.Length == 2
            && parts.Length == 2
            && Number(parts[0]) is { } used
            && Number(parts[1]) is { } total
            && Number(words[1]) is { } metadata
            ? new SnapshotUsage(SnapshotState.Usable, used, total, metadata)
            : null;
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
