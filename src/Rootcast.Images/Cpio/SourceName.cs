using Rootcast.Formats;

namespace Rootcast.Images.Cpio;

/// <summary>A name that was asked for.</summary>
/// <param name="Path">What it is called in the archive.</param>
/// <param name="IsAbsolute">Whether it was given from the root, and not relative to the directory.</param>
public readonly record struct SourceName(UnixPath Path, bool IsAbsolute);
