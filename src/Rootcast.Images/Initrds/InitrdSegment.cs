namespace Rootcast.Images.Initrds;

/// <summary>One segment of an initrd that is to be assembled: bytes made here, a file's bytes behind them, and what ends it. It begins at a multiple of
/// <see cref="InitrdAssembler.Alignment"/>.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Head">What comes first; when a file follows, a multiple of <see cref="InitrdAssembler.Alignment"/> bytes, so that blocks can be shared
/// with it.</param>
/// <param name="File">A file of this host; null for none.</param>
/// <param name="Tail">What comes behind the file.</param>
public sealed record InitrdSegment(SegmentKind Kind, ReadOnlyMemory<byte> Head, string? File = null, ReadOnlyMemory<byte> Tail = default)
{
    /// <summary>A file that is an initrd, or a part of one, as it is.</summary>
    public static InitrdSegment OfFile(SegmentKind kind, string path) => new(kind, default, path);
}
