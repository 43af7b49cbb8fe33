namespace Rootcast.Server.Api;

/// <summary>An image that nodes can be given.</summary>
/// <param name="Name">Its name in the store.</param>
/// <param name="Digest"><c>sha256:HEX</c>.</param>
/// <param name="AssignedTo">The patterns that it is assigned to.</param>
/// <param name="Nodes">Ids of the nodes whose last boot had it.</param>
public sealed record ServedImageData(string Name, string Digest, IReadOnlyList<string> AssignedTo, IReadOnlyList<string> Nodes);
