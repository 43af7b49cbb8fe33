using System.Text;
using Rootcast.Contract;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Carriers;

/// <summary>The artefact came with the initrd: the kernel has unpacked it to <see cref="InitramfsPaths.Payload"/> in the rootfs.</summary>
public sealed class InitrdCarrier : ICarrier
{
    /// <inheritdoc/>
    public IArtefactSource Find(Boot boot)
    {
        if (boot.Plan is { Inside: not null, Path: { } image } && IsFile(image, out long bytes))
        {
            boot.Journal.Mark(Marks.ArtefactFound);
            return new PayloadSource(boot.Plan, image, bytes);
        }
        if (boot.Plan.Form == Form.Initramfs)
        {
            KernelUnpackedTree tree = KernelUnpackedTree.Find(boot);
            boot.Journal.Mark(Marks.ArtefactFound);
            return tree;
        }
        ReadOnlySpan<byte> path = Encoding.UTF8.GetBytes(InitramfsPaths.Payload);
        if (!FileNodes.TryStatus(null, path, followLinks: false, out FileStatus status, out _) || !status.IsFile)
        {
            throw new UserError(
                $"carrier initrd: the initrd has no {InitramfsPaths.Payload}",
                "Load the initrd with the payload segment appended. If it was appended, the kernel ran out of memory while unpacking it: "
                    + "give the machine more, or boot by another carrier (rootcast.carrier=http or disk)."
            );
        }
        if (boot.Plan.Artefact is { } identity && identity.Bytes != status.Size)
        {
            throw new UserError(
                $"carrier initrd: {InitramfsPaths.Payload} has {status.Size} bytes, the boot plan says {identity.Bytes}",
                status.Size < identity.Bytes
                    ? "The initrd was cut short on its way, or the kernel ran out of memory while unpacking it (rootfs is capped at half of "
                        + "memory). Load it again, or give the machine more memory."
                    : "The payload is another artefact than the plan's: cast or assemble the initrd again."
            );
        }
        boot.Journal.Mark(Marks.ArtefactFound);
        return new PayloadSource(boot.Plan, InitramfsPaths.Payload, status.Size);
    }

    private static bool IsFile(string path, out long length)
    {
        bool found =
            FileNodes.TryStatus(null, Encoding.UTF8.GetBytes(path), followLinks: true, out FileStatus status, out _) && status.IsFile;
        length = found ? status.Size : 0;
        return found;
    }
}
