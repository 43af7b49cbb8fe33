namespace Rootcast.Server.Dashboard;

/// <summary>Whether this browser is signed in.</summary>
/// <param name="SignedIn">Whether it may change something.</param>
/// <param name="Proof">What it sends beside its cookie; absent when it needs none.</param>
/// <param name="Password">Whether there is a password beside the token.</param>
internal sealed record SessionData(bool SignedIn, string? Proof, bool Password);
