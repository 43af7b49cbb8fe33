using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Carriers;

/// <summary>The payload file in the rootfs. Streamed, it gives its pages back behind the reader.</summary>
public sealed class PayloadSource(BootPlan plan, long length) : IArtefactSource
{
    /// <inheritdoc/>
    public string Origin => InitramfsPaths.Payload;

    /// <inheritdoc/>
    public long Length => length;

    /// <inheritdoc/>
    public string MountablePath => InitramfsPaths.Payload;

    /// <inheritdoc/>
    public Stream Open()
    {
        SafeFileHandle file = FileNodes.Open(InitramfsPaths.Payload, OpenFlags.ReadWrite);
        ArtefactIdentity? identity = plan.Verify == false ? null : plan.Artefact;
        return new VerifyingStream(new ConsumingStream(file, Origin, length), Origin, length, identity);
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
