namespace Rootcast.Images.Media;

/// <summary>An image of a kernel on a medium.</summary>
/// <param name="Path">Where it is in its level.</param>
/// <param name="Version">As <c>uname -r</c> prints it.</param>
/// <param name="Extent">Its bytes.</param>
internal sealed record FoundKernel(string Path, string Version, MediaExtent Extent);
