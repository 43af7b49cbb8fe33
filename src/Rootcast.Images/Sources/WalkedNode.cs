using Rootcast.Formats;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Sources;

/// <summary>A name that a walk through a directory met.</summary>
/// <param name="Path">From the directory on; the directory itself is empty.</param>
/// <param name="Status">What statx(2) said.</param>
internal readonly record struct WalkedNode(UnixPath Path, FileStatus Status);
