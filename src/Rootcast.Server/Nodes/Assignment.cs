namespace Rootcast.Server.Nodes;

/// <summary>Which image the nodes of a pattern get.</summary>
/// <param name="Number">Counts up; of two for the same pattern the higher holds.</param>
/// <param name="Pattern">Which nodes, see <see cref="NodePattern"/>.</param>
/// <param name="Image">What they get: the version that the name had when it was assigned.</param>
/// <param name="Since">Since when it holds: when it was assigned, or uncovered by a rollback.</param>
public sealed record Assignment(long Number, NodePattern Pattern, ServedImage Image, DateTimeOffset Since);
