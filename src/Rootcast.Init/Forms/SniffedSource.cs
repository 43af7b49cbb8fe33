using Rootcast.Init.Carriers;

namespace Rootcast.Init.Forms;

/// <summary>A stream whose first bytes were looked at, as the source that it is of.</summary>
/// <param name="source">Where it comes from.</param>
/// <param name="first">What was read of it.</param>
/// <param name="rest">What follows.</param>
public sealed class SniffedSource(IArtefactSource source, ReadOnlyMemory<byte> first, Stream rest) : IArtefactSource
{
    /// <inheritdoc/>
    public string Origin => source.Origin;

    /// <inheritdoc/>
    public long Length => source.Length;

    /// <inheritdoc/>
    public string? MountablePath => null;

    /// <inheritdoc/>
    public Stream Open() => new PrependedStream(first, rest);

    /// <summary>Nothing: the source belongs to whoever opened it.</summary>
    public void Dispose() { }
}
