using Rootcast.Images.Initrds;

namespace Rootcast.Cli.Data;

/// <summary>A segment of an assembled initrd.</summary>
internal sealed record SegmentData(string Segment, string? File, long Bytes, long SharedBytes, string? NotShared)
{
    public static SegmentData Of(SegmentBytes segment) =>
        new(NameOf(segment.Kind), segment.File, segment.Bytes, segment.SharedBytes, segment.NotShared);

    private static string NameOf(SegmentKind kind) => kind.ToString().ToLowerInvariant();
}
