namespace Rootcast.Server.Nodes;

/// <summary>Something about nodes has changed; whoever shows it asks for it anew.</summary>
/// <param name="Kind">What: <c>node</c>, <c>boot</c>, <c>assignment</c>.</param>
/// <param name="Node">The node's id; empty where it concerns several.</param>
/// <param name="Boot">The boot's id; empty where it concerns none.</param>
public readonly record struct NodeChange(string Kind, string Node, string Boot);
