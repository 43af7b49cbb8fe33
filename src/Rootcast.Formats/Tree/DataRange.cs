namespace Rootcast.Formats.Tree;

/// <summary>A part of a sparse file that has data.</summary>
/// <param name="Offset">Where it starts in the file, in bytes.</param>
/// <param name="Length">How many bytes it has.</param>
public readonly record struct DataRange(long Offset, long Length);
