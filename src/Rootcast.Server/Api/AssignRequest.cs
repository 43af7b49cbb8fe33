namespace Rootcast.Server.Api;

/// <summary>Assigns an image.</summary>
/// <param name="Target">A pattern (<c>*</c>, <c>rack=3</c>) or a node.</param>
/// <param name="Image">Its name in the store, or the beginning of its digest.</param>
public sealed record AssignRequest(string Target, string Image);
