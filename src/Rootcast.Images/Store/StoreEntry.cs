using Rootcast.Contract;

namespace Rootcast.Images.Store;

/// <summary>One line of a store's list.</summary>
/// <param name="Tag">The image's name.</param>
/// <param name="Digest">SHA-256 of its OCI manifest.</param>
/// <param name="Manifest">What it holds; null when it cannot be read.</param>
/// <param name="Problem">Why it cannot be read; null when it can.</param>
public sealed record StoreEntry(string Tag, string Digest, ImageManifest? Manifest, string? Problem);
