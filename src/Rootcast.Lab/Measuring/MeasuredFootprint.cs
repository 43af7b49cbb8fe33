namespace Rootcast.Lab.Measuring;

/// <summary>What <c>rootcast footprint</c> said in the guest.</summary>
/// <param name="Point">When: <c>ready</c>, <c>read</c>, <c>workload</c>.</param>
/// <param name="UsedBytes">MemTotal − MemFree.</param>
/// <param name="RemainderBytes">What has no owner; below 0 where owners have more than is used.</param>
/// <param name="Rows">The owners.</param>
public sealed record MeasuredFootprint(string Point, long UsedBytes, long RemainderBytes, IReadOnlyList<MeasuredOwner> Rows);
