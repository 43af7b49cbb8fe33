namespace Rootcast.Server.Nodes;

/// <summary>What a node that asks gets.</summary>
/// <param name="Node">The node.</param>
/// <param name="Boot">The boot that begins, or has begun; null when the node has to wait.</param>
/// <param name="Reason">In words, for the log and the node's screen.</param>
public sealed record NodeArrival(Node Node, NodeBoot? Boot, string Reason);
