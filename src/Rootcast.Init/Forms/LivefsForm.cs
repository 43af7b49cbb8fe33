using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Init.Handover;
using Rootcast.Init.Overlays;
using Rootcast.Init.Stages;
using Rootcast.Linux;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Forms;

/// <summary>A disk image in a squashfs, as live media have it: loop, squashfs, loop, and a device-mapper snapshot that takes what is written. The
/// squashfs is mounted at /run/rootcast/lower.</summary>
public sealed class LivefsForm : IForm
{
    /// <summary>Where the squashfs is mounted.</summary>
    public const string Lower = InitramfsPaths.RunDirectory + "/lower";
    private const string Live = InitramfsPaths.RunDirectory + "/live";
    private const string Nothing = InitramfsPaths.RunDirectory + "/nothing";

    /// <inheritdoc/>
    public void Prepare(Boot boot) =>
        boot.Modules.RequireAll("form livefs", ["squashfs", "loop", "ext4", .. SnapshotRoot.Modules(boot.Plan)]);

    /// <inheritdoc/>
    public void Mount(Boot boot, IArtefactSource source, string root)
    {
        string outer = HeldImage.Hold(boot, source, "squashfs");
        ApiFileSystems.MakeDirectory(Lower);
        HeldImage.Mount(boot, outer, "squashfs", Lower);
        if (!FileNodes.Exists($"{Lower}/{LiveImage.Path}"))
        {
            throw new InvalidDataException($"{source.Origin} is a squashfs without {LiveImage.Path}");
        }
        MountNested(boot, LiveImage.Path, root);
    }

    /// <summary>Mounts the root out of an image in the squashfs that is mounted at <see cref="Lower"/>.</summary>
    /// <param name="boot">The boot.</param>
    /// <param name="path">The image, relative to <see cref="Lower"/>.</param>
    /// <param name="root">An empty directory.</param>
    public static void MountNested(Boot boot, string path, string root)
    {
        string image = $"{Lower}/{path}";
        FileSystemSignature signature =
            ForeignImages.SignatureOf(image)
            ?? throw new InvalidDataException($"{path} in the squashfs holds no file system that init knows");
        boot.Modules.Require(signature.Type, $"the file system of {path}");
        bool discards = SnapshotRoot.Discards(boot.Plan) && TryMountLive(boot);
        image = discards ? $"{Live}/{path}" : image;
        // Kernels up to now have no direct I/O on a squashfs: then what is read is cached here and above, until memory is wanted.
        using LoopDevice origin = LoopDevice.Attach(image, new LoopOptions(ReadOnly: true, DirectIo: !discards));
        boot.Journal.Say($"{image} ({signature}) is {origin.Path}{(origin.UsesDirectIo ? " with direct I/O" : ", without direct I/O")}");
        new SnapshotRoot(boot, origin.Path, signature.Type).Mount(root);
        if (!origin.UsesDirectIo)
        {
            // What the boot has read is cached in the squashfs and in the file system above. dd's nocache with no blocks to read drops a whole file's pages.
            UncacheUnit.Place(boot, root, "/bin/dd", $"if={image} iflag=nocache count=0 status=none");
        }
    }

    /// <summary>A snapshot takes discards only when its origin seems to (dm_table_supports_discards), and a loop device seems to when its file can be
    /// punched: a file of squashfs never can, the same file seen through overlayfs might. None ever gets there, and pages stay
    /// squashfs's.</summary>
    private static bool TryMountLive(Boot boot)
    {
        ApiFileSystems.MakeDirectory(Live);
        ApiFileSystems.MakeDirectory(Nothing);
        int errno = boot.Modules.TryLoad("overlay")
            ? Mounting.TryMount("overlay", "rootcast", Live, MountFlags.ReadOnly, $"lowerdir={Lower}:{Nothing}")
            : Errno.NoDevice;
        if (errno != 0)
        {
            boot.Journal.Problem($"without overlayfs ({Errno.Describe(errno)}) what is deleted stays in memory");
        }
        return errno == 0;
    }
}
