namespace Rootcast.Lab.Peers;

/// <summary>An initramfs of others, made by its own tools in a tree of its own.</summary>
/// <param name="Path">The file.</param>
/// <param name="Made">By which tool, in a line for people.</param>
public sealed record PeerImage(string Path, string Made);
