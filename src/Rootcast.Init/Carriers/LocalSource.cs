using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Carriers;

/// <summary>An artefact on a block device or in a file of one.</summary>
/// <param name="path">Device or file.</param>
/// <param name="boot">What is said and done.</param>
/// <param name="length">Bytes of the artefact.</param>
/// <param name="mountPoint">Where the file's medium is mounted; null for a device.</param>
public sealed class LocalSource(string path, Boot boot, long length, string? mountPoint) : IArtefactSource
{
    private bool opened;

    /// <inheritdoc/>
    public string Origin => path;

    /// <inheritdoc/>
    public long Length => length;

    /// <inheritdoc/>
    public string MountablePath => path;

    /// <inheritdoc/>
    public Stream Open()
    {
        opened = true;
        return new VerifyingStream(
            new DescriptorStream(FileNodes.Open(path, OpenFlags.ReadOnly), path),
            path,
            length,
            boot.Plan.Verify == false ? null : boot.Plan.Artefact
        );
    }

    /// <summary>Where the bytes were taken the medium is not needed any more; where it was mounted in place it stays.</summary>
    public void Dispose()
    {
        if (!opened || mountPoint is null)
        {
            return;
        }
        try
        {
            Mounting.Unmount(mountPoint);
            boot.Journal.Say("the medium is released; it can be taken out");
        }
        catch (LinuxException error)
        {
            boot.Journal.Problem(error.Message);
        }
    }
}
