namespace Rootcast.Server.Api;

/// <summary>A version of an image.</summary>
/// <param name="Name">Its name in the store, when it was chosen.</param>
/// <param name="Digest"><c>sha256:HEX</c>: the version for good.</param>
public sealed record ImageVersionData(string Name, string Digest);
