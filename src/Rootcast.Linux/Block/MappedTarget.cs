namespace Rootcast.Linux.Block;

/// <summary>A line of a device-mapper table (Documentation/admin-guide/device-mapper).</summary>
/// <param name="Start">Where on the device it begins, in sectors of 512 bytes.</param>
/// <param name="Length">How many sectors.</param>
/// <param name="Type"><c>snapshot</c>, <c>linear</c>, <c>zero</c>, …; at most 15 bytes.</param>
/// <param name="Text">Its parameters in a table; in an answer of <see cref="DeviceMapper.Status"/> what the target says of itself.</param>
public sealed record MappedTarget(long Start, long Length, string Type, string Text)
{
    /// <summary>Bytes of a sector, the unit of all tables.</summary>
    public const int SectorBytes = 512;

    /// <summary>As dmsetup(8) prints it.</summary>
    public override string ToString() => $"{Start} {Length} {Type} {Text}";
}
