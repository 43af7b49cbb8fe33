using Rootcast.Contract;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Carriers;

/// <summary>An artefact on a block device or in a file of one.</summary>
public sealed class LocalSource(string path, BootPlan plan, long length) : IArtefactSource
{
    /// <inheritdoc/>
    public string Origin => path;

    /// <inheritdoc/>
    public long Length => length;

    /// <inheritdoc/>
    public string MountablePath => path;

    /// <inheritdoc/>
    public Stream Open() =>
        new VerifyingStream(
            new DescriptorStream(FileNodes.Open(path, OpenFlags.ReadOnly), path),
            path,
            length,
            plan.Verify == false ? null : plan.Artefact
        );

    /// <inheritdoc/>
    public void Dispose() { }
}
