namespace Rootcast.Server.Dashboard;

/// <summary>The first that a listener hears.</summary>
/// <param name="Resumed">Whether it goes on where the listener stopped; else it asks for everything anew.</param>
/// <param name="MustBeApproved">Whether nodes wait until they are approved.</param>
internal sealed record HelloData(bool Resumed, bool MustBeApproved);
