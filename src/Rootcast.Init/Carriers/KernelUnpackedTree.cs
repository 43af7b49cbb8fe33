using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Linux.Files;
using Rootcast.Linux.Memory;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Carriers;

/// <summary>
/// The tree of form <c>initramfs</c>, where the kernel has unpacked it. When memory runs out the kernel stops there, or leaves out the files that it could
/// not make, and boots on: so every name is counted before anything runs from it. Bits are the business of the archive's own checksum, which the kernel checks.
/// </summary>
public sealed class KernelUnpackedTree(long length) : IArtefactSource
{
    private const long Reserve = 64L << 20;

    /// <inheritdoc/>
    public string Origin => InitramfsPaths.UnpackedTree;

    /// <inheritdoc/>
    public long Length => length;

    /// <inheritdoc/>
    public string? MountablePath => null;

    /// <summary>Whether the initrd has, or had, such a tree.</summary>
    public static bool IsThere => FileNodes.Exists(InitramfsPaths.UnpackedTree);

    /// <summary>Finds it and counts it.</summary>
    /// <exception cref="UserError">It is not there, or only a part of it.</exception>
    public static KernelUnpackedTree Find(Boot boot)
    {
        if (!IsThere)
        {
            throw new UserError(
                $"form initramfs: the kernel has unpacked no {InitramfsPaths.UnpackedTree}",
                "Load the initrd with the tree appended. If it was appended, there was no memory to unpack it: give the machine more."
            );
        }
        long names;
        using (SafeFileHandle tree = FileNodes.Open(InitramfsPaths.UnpackedTree, OpenFlags.ReadOnly | OpenFlags.Directory))
        {
            names = Count(tree);
        }
        FileSystemUsage rootfs = FileSystemUsage.Of("/");
        bool bounded = rootfs.Magic == FileSystemUsage.MagicTmpfs;
        Check(
            SmallFile.TryReadText(InitramfsPaths.UnpackedMark),
            names,
            boot.Plan.Artefact,
            bounded ? rootfs.TotalBytes : null,
            MemoryInfo.Read().Total
        );
        boot.Journal.Say($"all {names} names of the tree are in the rootfs, which has {rootfs.UsedBytes} bytes");
        return new KernelUnpackedTree(boot.Plan.Artefact?.Bytes ?? 0);
    }

    /// <summary>Names at and below an open directory, itself included.</summary>
    public static long Count(SafeFileHandle directory)
    {
        long names = 1;
        foreach (DirectoryItem item in DirectoryListing.Read(directory, InitramfsPaths.UnpackedTree))
        {
            if (item.Type != FileStatus.TypeDirectory)
            {
                names++;
                continue;
            }
            using SafeFileHandle below = FileNodes.Open(
                directory,
                item.Name,
                OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow
            );
            names += Count(below);
        }
        return names;
    }

    /// <summary>Compares what is there with what must be.</summary>
    /// <param name="markText">What <see cref="InitramfsPaths.UnpackedMark"/> says; null when it is not there.</param>
    /// <param name="names">How many names there are.</param>
    /// <param name="artefact">The plan's; null when it has none.</param>
    /// <param name="bound">Bytes that the rootfs may take; null when nothing bounds it.</param>
    /// <param name="memory">MemTotal in bytes.</param>
    public static void Check(string? markText, long names, ArtefactIdentity? artefact, long? bound, long memory)
    {
        bool marked = UnpackedMark.TryParse(markText ?? "", out UnpackedMark mark);
        if (marked && mark.Names == names)
        {
            return;
        }
        string all = marked ? $"{mark.Names} names" : "all names";
        long bytes = marked ? mark.Bytes : artefact?.UnpackedBytes ?? 0;
        string takes = bytes > 0 ? $"The tree takes {Megabytes(bytes)} there. " : "";
        string limit = bound is { } most
            ? $"The rootfs may take {Megabytes(most)} of this machine's {Megabytes(memory)}"
            : $"The machine has {Megabytes(memory)}";
        // While it is unpacked the archive is there too; and the rootfs may take half of what that leaves.
        long needed = ((bound is null ? 1 : 2) * bytes) + (artefact?.Bytes ?? 0) + Reserve;
        string give = bytes > 0 ? $"Give the machine at least {Megabytes(needed)}" : "Give the machine more memory";
        throw new UserError(
            $"form initramfs: the kernel could unpack only a part of the tree: {names} names are there, not {all}. {takes}{limit}",
            $"{give}, or boot form squashfs, which stays compressed in the initrd. Since Linux 6.18 initramfs_options=size=90% lets the rootfs take more."
        );
    }

    /// <inheritdoc/>
    public Stream Open() => throw new InvalidOperationException("form initramfs has no bytes to read: the kernel has unpacked them");

    /// <inheritdoc/>
    public void Dispose() { }

    private static string Megabytes(long bytes) => Stages.Preflight.Megabytes(bytes);
}
