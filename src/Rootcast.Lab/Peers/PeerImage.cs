using Rootcast.Images.Boot;

namespace Rootcast.Lab.Peers;

/// <summary>An initramfs of others, made by its own tools in a tree of its own.</summary>
/// <param name="Initramfs">Whose.</param>
/// <param name="Path">The file.</param>
/// <param name="Made">By which tool, in a line for people.</param>
public sealed record PeerImage(PeerInitramfs Initramfs, string Path, string Made);
