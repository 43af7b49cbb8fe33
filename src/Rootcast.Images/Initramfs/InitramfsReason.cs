namespace Rootcast.Images.Initramfs;

/// <summary>Why something is in an initramfs.</summary>
/// <param name="Path">Absolute path there.</param>
/// <param name="Because">In words: <c>set virtual: disks, links and ports of virtual machines</c>, <c>depends</c>.</param>
/// <param name="By">The path that pulled it in; null when it is there for its own sake.</param>
public sealed record InitramfsReason(string Path, string Because, string? By);
