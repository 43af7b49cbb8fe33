namespace Rootcast.Server.Nodes;

/// <summary>A file that a node gets into its tree.</summary>
/// <param name="Path">Absolute, without <c>.</c> and <c>..</c>.</param>
/// <param name="Mode">Permissions in octal: <c>0644</c>.</param>
/// <param name="Content">The bytes; in JSON as base64.</param>
public sealed record NodeFile(string Path, string Mode, byte[] Content);
