namespace Rootcast.Contract;

/// <summary>A kernel of an image.</summary>
/// <param name="Version">As <c>uname -r</c> prints it.</param>
/// <param name="Blob">The bzImage.</param>
public sealed record ImageKernel(string Version, ImageBlob Blob);
