namespace Rootcast.Server.Dashboard;

/// <summary>Signs in.</summary>
/// <param name="Secret">Token or password.</param>
internal sealed record SessionRequest(string Secret);
