namespace Rootcast.Protocols.Tftp;

/// <summary>One option (RFC 2347).</summary>
/// <param name="Name">Any case.</param>
/// <param name="Value">Usually a decimal number.</param>
public readonly record struct TftpOption(string Name, string Value);
