namespace Rootcast.Formats.Pe;

/// <summary>A PE image with room for further sections.</summary>
/// <param name="Start">Its first bytes: headers and its own sections, as they are written.</param>
/// <param name="Offsets">Where the data of each further section begins in the file; what lies between is zeros.</param>
/// <param name="Length">Of the whole file in bytes.</param>
public sealed record ExtendedPe(byte[] Start, IReadOnlyList<long> Offsets, long Length);
