namespace Rootcast.Lab.Reports;

/// <summary>A machine that a form is wanted for.</summary>
/// <param name="MemoryBytes">Its memory.</param>
/// <param name="LinkBitsPerSecond">What its network carries; null where that does not count.</param>
/// <param name="RamWritesBytes">What will be written into <c>/</c> while it runs.</param>
/// <param name="HasDisk">Whether it has a disk or another medium to boot from.</param>
public sealed record AdviceRequest(long MemoryBytes, long? LinkBitsPerSecond, long RamWritesBytes, bool HasDisk);
