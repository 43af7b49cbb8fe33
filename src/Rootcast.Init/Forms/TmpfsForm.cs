using Rootcast.Contract;
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
        MemoryFileSystem.Mount(boot, "rootcast", root, $"size={plan.Size},mode=0755", MountFlags.NoAccessTime);
        TreeUnpacking.Run(boot, source, root, error => Full(plan, error));
    }

    private static UserError Full(BootPlan plan, LinuxException error)
    {
        long bound = plan.Size.ToBytes(MemoryInfo.Read().Total);
        string need = plan.Artefact is { } identity ? $"; the tree needs {identity.UnpackedBytes} bytes" : "";
        return new UserError(
            $"the tmpfs of rootcast.size={plan.Size} ({bound} bytes) is full{need}: {error.Message}",
            "Raise rootcast.size=, give the machine more memory, or boot form squashfs, which keeps the tree compressed.",
            UserErrorKind.Failed,
            error
        );
    }
}
