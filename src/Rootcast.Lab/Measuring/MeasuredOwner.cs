namespace Rootcast.Lab.Measuring;

/// <summary>A row of a footprint.</summary>
/// <param name="Owner">Who holds it.</param>
/// <param name="Kind">What kind of memory.</param>
/// <param name="Bytes">How much.</param>
/// <param name="Reclaimable">Whether the kernel could take it back.</param>
public sealed record MeasuredOwner(string Owner, string Kind, long Bytes, bool Reclaimable);
