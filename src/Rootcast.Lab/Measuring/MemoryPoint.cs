namespace Rootcast.Lab.Measuring;

/// <summary>A guest's memory at one moment, in bytes.</summary>
/// <param name="Name">A mark, or the step of the workload that is over.</param>
/// <param name="Total">MemTotal; 0 where init alone reported.</param>
/// <param name="Free">MemFree.</param>
/// <param name="Available">MemAvailable; 0 where init alone reported.</param>
/// <param name="FreeOnProcessors">Free pages on the processors' own lists, which neither of the two counts.</param>
/// <param name="Measuring">What the measuring itself held then: the program of the footprints, in a tmpfs of its own.</param>
/// <param name="InUse">Total − Available − FreeOnProcessors − Measuring.</param>
/// <param name="Buffers">Buffers, as <c>free</c> shows it; 0 where init alone reported.</param>
/// <param name="Cached">Cached, the same; what is in tmpfs counts in it.</param>
/// <param name="Shared">Shmem, the same.</param>
public sealed record MemoryPoint(
    string Name,
    long Total,
    long Free,
    long Available,
    long FreeOnProcessors,
    long Measuring,
    long InUse,
    long Buffers = 0,
    long Cached = 0,
    long Shared = 0
);
