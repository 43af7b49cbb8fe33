namespace Rootcast.Server.Api;

/// <summary>Why a request could not be done.</summary>
/// <param name="Error">What failed, on what, and why.</param>
/// <param name="Hint">What to do about it.</param>
public sealed record ErrorData(string Error, string Hint);
