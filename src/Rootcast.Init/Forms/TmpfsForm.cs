using Rootcast.Contract;
using Rootcast.Formats.Tar;
using Rootcast.Init.Carriers;
using Rootcast.Linux;
using Rootcast.Linux.Memory;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Forms;

/// <summary>The tree's contents in a tmpfs of a bounded size: the archive is unpacked while it comes, so nothing is held twice.</summary>
public sealed class TmpfsForm : IForm
{
    /// <inheritdoc/>
    public void Prepare(Boot boot) { }

    /// <inheritdoc/>
    public void Mount(Boot boot, IArtefactSource source, string root)
    {
        BootPlan plan = boot.Plan;
        Mounting.Mount("tmpfs", "rootcast", root, MountFlags.NoAccessTime, $"size={plan.Size},mode=0755");
        using Stream artefact = source.Open();
        using TreeUnpacker unpacker = new(root, boot.Journal.SampleMemory);
        try
        {
            ArtefactContent.Use(artefact, archive => unpacker.Unpack(new TarReader(archive)));
        }
        catch (LinuxException error) when (error.Number == Errno.NoSpace)
        {
            long bound = plan.Size.ToBytes(MemoryInfo.Read().Total);
            string need = plan.Artefact is { } identity ? $"; the tree needs {identity.UnpackedBytes} bytes" : "";
            throw new UserError(
                $"the tmpfs of rootcast.size={plan.Size} ({bound} bytes) is full{need}: {error.Message}",
                "Raise rootcast.size=, give the machine more memory, or boot form squashfs, which keeps the tree compressed.",
                UserErrorKind.Failed,
                error
            );
        }
        foreach (string name in unpacker.DroppedAttributes)
        {
            boot.Journal.Problem($"this kernel's tmpfs cannot keep the attribute {name}; it is left out");
        }
        boot.Journal.Say(
            $"{unpacker.Entries} entries, {unpacker.DataBytes} bytes of data; {FileSystemUsage.Of(root).UsedBytes} bytes used"
        );
    }
}
