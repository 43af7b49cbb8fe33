namespace Rootcast.Lab.Footprints;

/// <summary>A row in two footprints.</summary>
/// <param name="Owner">See <see cref="FootprintRow.Owner"/>.</param>
/// <param name="Kind">See <see cref="FootprintRow.Kind"/>.</param>
/// <param name="Detail">See <see cref="FootprintRow.Detail"/>.</param>
/// <param name="Before">Bytes in the first; 0 when it has no such row.</param>
/// <param name="After">Bytes in the second.</param>
public sealed record RowChange(string Owner, string Kind, string? Detail, long Before, long After)
{
    /// <summary>By how much it grew, in bytes.</summary>
    public long Change => After - Before;
}
