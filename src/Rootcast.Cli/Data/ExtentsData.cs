using Rootcast.Images.Cpio;

namespace Rootcast.Cli.Data;

/// <summary>What <c>extents --json</c> prints.</summary>
internal sealed record ExtentsData(long TotalBytes, long SharedBytes, long ExclusiveBytes, int Extents, IReadOnlyList<MissedData> Missed)
{
    public static ExtentsData Of(ArchiveExtents extents) =>
        new(
            extents.TotalBytes,
            extents.SharedBytes,
            extents.ExclusiveBytes,
            extents.Extents,
            [.. extents.Missed.Select(missed => new MissedData(missed.Path.ToString(), missed.Bytes, missed.Reason))]
        );
}
