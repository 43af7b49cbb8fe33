namespace Rootcast.Lab.Measuring;

/// <summary>A moment of a boot.</summary>
/// <param name="Name">A mark, or <c>systemd-…</c>.</param>
/// <param name="Milliseconds">Since the kernel's start.</param>
/// <param name="TouchedBytes">Memory of the guest that had been touched when this host heard of it; null where it was not counted.</param>
public sealed record MeasuredMark(string Name, double Milliseconds, long? TouchedBytes = null);
