using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;
using Rootcast.Init.Carriers;
using Rootcast.Init.Handover;
using Rootcast.Linux;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Forms;

/// <summary>The tree's contents in a file system on a compressed RAM disk. The initramfs has that file system empty, as the blocks of it that are not
/// zero (<see cref="InitramfsPaths.ZramFileSystem"/>), so no mkfs is needed here.</summary>
public sealed class ZramForm : IForm
{
    /// <inheritdoc/>
    public void Prepare(Boot boot)
    {
        boot.Modules.Require("zram", "form zram");
        // Before 6.12 the compressor is a module of its own, for which the kernel would call a modprobe; later ones have it inside.
        boot.Modules.TryLoad(boot.Plan.ZramCompressor);
    }

    /// <inheritdoc/>
    public void Mount(Boot boot, IArtefactSource source, string root)
    {
        (ZramDevice device, string type) = MakeDevice(boot);
        boot.Modules.Require(type, "the file system of form zram");
        // Blocks of deleted files go back to memory. btrfs compresses whole extents, which zram, page by page, cannot; level 6 is where more brings little.
        string options = type == "btrfs" ? "discard=sync,ssd,compress-force=zstd:6" : "discard";
        Mounting.Mount(type, device.Path, root, MountFlags.NoAccessTime, options);
        TreeUnpacking.Run(boot, source, root, error => Full(root, error));
        using (SafeFileHandle written = FileNodes.Open(root, OpenFlags.ReadOnly | OpenFlags.Directory))
        {
            // Unmounting writes too, but says nothing when that fails.
            FileData.SyncFileSystem(written, root);
        }
        // The tree is in the page cache, uncompressed, and the file system keeps much of its own writing: all that goes with the mount.
        Mounting.Unmount(root);
        boot.Journal.SampleMemory();
        SmallFile.Write("/proc/sys/vm/drop_caches", "3");
        Mounting.Mount(type, device.Path, root, MountFlags.NoAccessTime, options);
        UncacheUnit.Place(boot, root, "/bin/sh", "-c 'echo 3 > /proc/sys/vm/drop_caches'");
        (long stored, long taken) = device.Usage;
        boot.Journal.Say($"{device.Path} holds {stored} bytes in {taken} by {boot.Plan.ZramCompressor}");
    }

    private static (ZramDevice Device, string Type) MakeDevice(Boot boot)
    {
        const string file = InitramfsPaths.ZramFileSystem;
        if (!FileNodes.Exists(file))
        {
            throw new UserError(
                $"the initramfs has no {file}, the empty file system of form zram",
                "Boot with the initramfs of an image that was cast into form zram."
            );
        }
        using DescriptorStream stream = new(FileNodes.Open(file, OpenFlags.ReadOnly), file);
        TarReader blocks = new(stream);
        TreeEntry image = blocks.Next() ?? throw new InvalidDataException($"{file} is empty");
        ZramDevice device = ZramDevice.Create(boot.Plan.ZramCompressor, image.Size);
        using SafeFileHandle target = FileNodes.Open(device.Path, OpenFlags.WriteOnly);
        while (blocks.ReadData(out long offset, out ReadOnlySpan<byte> bytes))
        {
            FileData.WriteAt(target, bytes, offset, device.Path);
        }
        return (device, image.Path.ToString());
    }

    private static UserError Full(string root, LinuxException error) =>
        new(
            $"the file system of form zram is full, it has {FileSystemUsage.Of(root).TotalBytes} bytes: {error.Message}",
            "Give the form a larger size in the recipe (forms: [zram: {size: 2G}]) and build the image again.",
            UserErrorKind.Failed,
            error
        );
}
