namespace Rootcast.Images.Initrds;

/// <summary>What became of a segment.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="File">The file that it was made of; null when it was made here.</param>
/// <param name="Bytes">Its length with the padding before it.</param>
/// <param name="SharedBytes">How many of them are shared with the file.</param>
/// <param name="NotShared">Why none are; null when some are, or there is no file.</param>
public sealed record SegmentBytes(SegmentKind Kind, string? File, long Bytes, long SharedBytes, string? NotShared);
