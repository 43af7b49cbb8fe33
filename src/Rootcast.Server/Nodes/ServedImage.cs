namespace Rootcast.Server.Nodes;

/// <summary>A version of an image: its name may move on, its digest stays.</summary>
/// <param name="Name">The name in the store.</param>
/// <param name="Digest"><c>sha256:HEX</c> of its manifest.</param>
public sealed record ServedImage(string Name, string Digest);
