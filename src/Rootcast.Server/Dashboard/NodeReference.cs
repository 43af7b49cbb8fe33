namespace Rootcast.Server.Dashboard;

/// <summary>Names a node.</summary>
/// <param name="Id">Its id.</param>
internal sealed record NodeReference(string Id);
