namespace Rootcast.Lab.Measuring;

/// <summary>What <c>rootcast footprint --json</c> prints, as far as it is kept.</summary>
/// <param name="UsedBytes">MemTotal − MemFree.</param>
/// <param name="RemainderBytes">What has no owner.</param>
/// <param name="Rows">The owners.</param>
internal sealed record SaidFootprint(long UsedBytes, long RemainderBytes, IReadOnlyList<MeasuredOwner> Rows);
