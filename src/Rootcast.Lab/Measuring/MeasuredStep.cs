namespace Rootcast.Lab.Measuring;

/// <summary>One step of the workload.</summary>
/// <param name="Name">See docs/measuring.md.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Bytes">How much it read or wrote; 0 where that says nothing.</param>
/// <param name="Count">How many files or operations; 0 where that says nothing.</param>
public sealed record MeasuredStep(string Name, double Milliseconds, long Bytes, long Count);
