using Rootcast.Contract;

namespace Rootcast.Images.Store;

/// <summary>An image as it is in the store.</summary>
/// <param name="Digest">SHA-256 of the OCI manifest: names the image for good, while its tag may move on.</param>
/// <param name="Manifest">What it holds.</param>
public sealed record StoredImage(string Digest, ImageManifest Manifest);
