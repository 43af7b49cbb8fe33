namespace Rootcast.Images.Cpio;

/// <summary>Something about an initrd that its maker should know.</summary>
/// <param name="Offset">Where, in bytes from its beginning (inside a compressed member: of its unpacked bytes).</param>
/// <param name="Reason">What.</param>
/// <param name="Breaks">Whether the kernel would not unpack all of it for that.</param>
public sealed record CpioFinding(long Offset, string Reason, bool Breaks);
