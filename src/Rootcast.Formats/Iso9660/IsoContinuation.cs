namespace Rootcast.Formats.Iso9660;

/// <summary>Fetches the part of a record's system use entries that is elsewhere in the volume.</summary>
/// <param name="block">The block that it is in.</param>
/// <param name="part">Its bytes in the block: at most 4096 from there.</param>
/// <returns>The bytes; fewer, when the volume ends before.</returns>
public delegate byte[] IsoContinuation(long block, Range part);
