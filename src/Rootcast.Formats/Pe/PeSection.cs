namespace Rootcast.Formats.Pe;

/// <summary>A section that is added to an image.</summary>
/// <param name="Name">At most eight bytes of ASCII: <c>.linux</c>.</param>
/// <param name="Length">Of its data in bytes.</param>
public readonly record struct PeSection(string Name, long Length);
