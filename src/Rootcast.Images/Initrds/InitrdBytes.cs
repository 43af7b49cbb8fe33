namespace Rootcast.Images.Initrds;

/// <summary>An assembled initrd in bytes.</summary>
/// <param name="Segments">In their order.</param>
public sealed record InitrdBytes(IReadOnlyList<SegmentBytes> Segments)
{
    /// <summary>The whole file.</summary>
    public long Total => Segments.Sum(segment => segment.Bytes);

    /// <summary>How much of it is shared with the files that it was made of.</summary>
    public long Shared => Segments.Sum(segment => segment.SharedBytes);

    /// <summary>All segments of a kind.</summary>
    public long Of(SegmentKind kind) => Segments.Where(segment => segment.Kind == kind).Sum(segment => segment.Bytes);
}
