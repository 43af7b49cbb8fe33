namespace Rootcast.Formats.Cpio;

/// <summary>A run of an initrd's bytes that is read in one way: bare archives one after another, or one compressed stream.</summary>
/// <param name="Offset">Where it starts in the initrd.</param>
/// <param name="Compression">How it is compressed.</param>
/// <param name="Opened">Whether its entries can be read: false when nobody knows how to decompress it.</param>
public sealed record InitrdMember(long Offset, InitrdCompression Compression, bool Opened);
