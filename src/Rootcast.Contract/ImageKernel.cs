namespace Rootcast.Contract;

/// <summary>A kernel of an image.</summary>
/// <param name="Version">As <c>uname -r</c> prints it.</param>
/// <param name="Blob">The bzImage.</param>
/// <param name="Config">The configuration that it was built with, as text; null where it did not come with one.</param>
public sealed record ImageKernel(string Version, ImageBlob Blob, ImageBlob? Config = null);
