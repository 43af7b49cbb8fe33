using Rootcast.Formats;

namespace Rootcast.Images.Cpio;

/// <summary>A file whose data is not shared with its source.</summary>
/// <param name="Path">Its name in the archive.</param>
/// <param name="Bytes">Its data.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record MissedSharing(UnixPath Path, long Bytes, string Reason);
