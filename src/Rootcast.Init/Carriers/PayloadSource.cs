using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Carriers;

/// <summary>A file in the rootfs: the payload, or the image that others laid there. Streamed, it gives its pages back behind the reader.</summary>
public sealed class PayloadSource(BootPlan plan, string path, long length) : IArtefactSource
{
    /// <inheritdoc/>
    public string Origin => path;

    /// <inheritdoc/>
    public long Length => length;

    /// <inheritdoc/>
    public string MountablePath => path;

    /// <inheritdoc/>
    public Stream Open()
    {
        SafeFileHandle file = FileNodes.Open(path, OpenFlags.ReadWrite);
        ArtefactIdentity? identity = plan.Verify == false ? null : plan.Artefact;
        return new VerifyingStream(new ConsumingStream(file, Origin, length), Origin, length, identity);
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
