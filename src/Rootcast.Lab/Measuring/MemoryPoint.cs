namespace Rootcast.Lab.Measuring;

/// <summary>A guest's memory at one moment, in bytes.</summary>
/// <param name="Name">A mark, or the step of the workload that is over.</param>
/// <param name="Total">MemTotal; 0 where init alone reported.</param>
/// <param name="Free">MemFree.</param>
/// <param name="Available">MemAvailable; 0 where init alone reported.</param>
/// <param name="FreeOnProcessors">Free pages on the processors' own lists, which neither of the two counts.</param>
/// <param name="Measuring">What the measuring itself held then: the program of the footprints, in a tmpfs of its own.</param>
/// <param name="InUse">Total − Available − FreeOnProcessors − Measuring.</param>
public sealed record MemoryPoint(string Name, long Total, long Free, long Available, long FreeOnProcessors, long Measuring, long InUse);
