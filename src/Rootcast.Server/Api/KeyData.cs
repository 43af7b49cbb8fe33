namespace Rootcast.Server.Api;

/// <summary>Something that a node is known by.</summary>
/// <param name="Kind"><c>mac</c>, <c>uuid</c> or <c>serial</c>.</param>
/// <param name="Value">Its value.</param>
public sealed record KeyData(string Kind, string Value);
