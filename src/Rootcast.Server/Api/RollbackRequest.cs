namespace Rootcast.Server.Api;

/// <summary>Takes back what was assigned last.</summary>
/// <param name="Target">A pattern (<c>*</c>, <c>rack=3</c>) or a node.</param>
public sealed record RollbackRequest(string Target);
