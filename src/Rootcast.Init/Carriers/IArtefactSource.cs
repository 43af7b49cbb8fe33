using Rootcast.Contract;

namespace Rootcast.Init.Carriers;

/// <summary>An artefact that a carrier has found. A form asks either for its place (<see cref="MountablePath"/>) or for its bytes
/// (<see cref="Open"/>), not for both. Disposed when the root is mounted: what is not needed any more is released then, what was mounted where
/// it lies stays.</summary>
public interface IArtefactSource : IDisposable
{
    /// <summary>Where it is, for people: <c>/dev/vda</c>, <c>http://10.0.0.1/root.squashfs</c>.</summary>
    string Origin { get; }

    /// <summary>Length in bytes. It agrees with the plan's <see cref="ArtefactIdentity.Bytes"/> when the plan has one.</summary>
    long Length { get; }

    /// <summary>Local file or block device that holds the artefact from its first byte, for forms that mount it where it is; null when the
    /// bytes only stream (http).</summary>
    string? MountablePath { get; }

    /// <summary>
    /// The bytes from the first to the last, once. The stream ends (<see cref="Stream.Read(Span{byte})"/> returns 0) only after length and
    /// digest are found to be right, else it throws <see cref="InvalidDataException"/>: so a form reads to the end before it believes
    /// anything. Sets <see cref="Marks.Fetched"/> at that end for carrier <c>http</c>. What has been read may be gone from the carrier
    /// (the payload in the initramfs gives its pages back).
    /// </summary>
    Stream Open();
}
