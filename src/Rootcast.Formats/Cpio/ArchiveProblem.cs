namespace Rootcast.Formats.Cpio;

/// <summary>Something in an archive that the kernel passes over without a word, or that other programs stumble over.</summary>
/// <param name="Offset">Where, in bytes from the beginning of the archive (inside a compressed member: of its unpacked bytes).</param>
/// <param name="Reason">What.</param>
public readonly record struct ArchiveProblem(long Offset, string Reason);
