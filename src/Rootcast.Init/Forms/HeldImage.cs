using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Init.Stages;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Forms;

/// <summary>An artefact that is a file system image and stays one while the machine runs: where it lies on a disk, in the rootfs where the kernel
/// unpacked it, or in a tmpfs of just its size.</summary>
public static class HeldImage
{
    private const string Place = InitramfsPaths.RunDirectory + "/image";

    /// <summary>Whether mounting it needs a loop device: all but a disk that is the artefact.</summary>
    public static bool NeedsLoop(BootPlan plan) =>
        plan.Carriers.Count > 1 || plan.Carrier != Carrier.Disk || plan.Device is null || plan.Path is not null || plan.ToRam;

    /// <summary>Whether an artefact that could stay where it is is copied into memory: <c>rootcast.toram</c>, unless it is there with the
    /// initrd.</summary>
    public static bool IsCopied(BootPlan plan) => plan.ToRam && plan.Carrier != Carrier.Initrd;

    /// <summary>Brings the image to where it stays, and checks it.</summary>
    /// <param name="boot">The boot.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="type">Which file system it must be, as <see cref="FileSystemSignature"/> names it.</param>
    /// <returns>The file or block device.</returns>
    public static string Hold(Boot boot, IArtefactSource source, string type)
    {
        string image = source.MountablePath is { } place && !IsCopied(boot.Plan) ? Checked(boot, source, place) : Fetch(boot, source, type);
        CheckSuperblock(image, type, source);
        return image;
    }

    /// <summary>Mounts a held image read-only: a file through a loop device, with direct I/O where the file system below can, so that nothing
    /// compressed is cached twice. The payload of the initrd loses its name.</summary>
    /// <param name="boot">The boot.</param>
    /// <param name="image">What <see cref="Hold"/> returned.</param>
    /// <param name="type">Its file system.</param>
    /// <param name="place">An existing directory.</param>
    public static void Mount(Boot boot, string image, string type, string place)
    {
        FileStatus status = FileNodes.Status(null, Encoding.UTF8.GetBytes(image));
        if (status.Type == FileStatus.TypeBlockDevice)
        {
            Mounting.Mount(type, image, place, MountFlags.ReadOnly);
            return;
        }
        // EROFS mounts a file itself since Linux 6.12, if the file's own file system can: errno is then ENOTBLK, or EINVAL.
        if (type == "erofs" && Mounting.TryMount(type, image, place, MountFlags.ReadOnly) == 0)
        {
            boot.Journal.Say($"{image} is mounted without a loop device");
            ReleasePayload(boot, image);
            return;
        }
        using (LoopDevice loop = LoopDevice.Attach(image, new LoopOptions(ReadOnly: true, DirectIo: true)))
        {
            boot.Journal.Say($"{image} is {loop.Path}{(loop.UsesDirectIo ? " with direct I/O" : "")}");
            Mounting.Mount(type, loop.Path, place, MountFlags.ReadOnly);
        }
        ReleasePayload(boot, image);
    }

    /// <summary>A place that is mounted where it is: its digest is checked when the plan says so, and for the initrd unless it says not.</summary>
    private static string Checked(Boot boot, IArtefactSource source, string place)
    {
        bool verify = boot.Plan.Verify ?? boot.Plan.Carrier == Carrier.Initrd;
        if (verify && boot.Plan.Artefact is { } identity)
        {
            // Not source.Open(): that would give the payload's pages back.
            using VerifyingStream stream = new(
                new DescriptorStream(FileNodes.Open(place, OpenFlags.ReadOnly), place),
                source.Origin,
                source.Length,
                identity
            );
            VerifyingStream.ReadToEnd(stream);
            boot.Journal.Say($"{source.Origin} has the digest of the plan");
        }
        return place;
    }

    /// <summary>Copies a streamed artefact into a tmpfs of its own. The tmpfs has just the artefact's size, so it cannot take more.</summary>
    private static string Fetch(Boot boot, IArtefactSource source, string type)
    {
        ApiFileSystems.MakeDirectory(Place);
        const int slack = 1 << 20;
        MemoryFileSystem.Mount(
            boot,
            "rootcast-image",
            Place,
            $"size={source.Length + slack},mode=0700",
            MountFlags.NoSuid | MountFlags.NoDevices
        );
        string file = $"{Place}/root.{type}";
        using SafeFileHandle target = FileNodes.Open(file, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0x180);
        using Stream stream = source.Open();
        byte[] buffer = GC.AllocateUninitializedArray<byte>(1 << 18);
        while (stream.Read(buffer) is var got and > 0)
        {
            FileData.Write(target, buffer.AsSpan(0, got), file);
        }
        boot.Journal.Say($"{source.Origin} is in memory, {source.Length} bytes");
        return file;
    }

    /// <summary>A file system says in its superblock how long it is: what is shorter was cut, and would give I/O errors later.</summary>
    private static void CheckSuperblock(string file, string type, IArtefactSource source)
    {
        using SafeFileHandle handle = FileNodes.Open(file, OpenFlags.ReadOnly);
        byte[] first = new byte[FileSystemSignature.BytesNeeded];
        int got = FileData.ReadAt(handle, first, 0, file);
        FileSystemSignature? signature = FileSystemSignature.Read(first.AsSpan(0, got));
        if (signature?.Type != type)
        {
            throw new InvalidDataException(
                $"{source.Origin} is no {type}: it {(signature is null ? "begins with unknown bytes" : $"is {signature}")}"
            );
        }
        long length = BlockDevice.Length(handle, file);
        if (length < signature.Bytes)
        {
            throw new InvalidDataException($"{source.Origin} is cut: it has {length} bytes, its superblock says {signature.Bytes}");
        }
    }

    /// <summary>The loop device, or the mount itself, keeps the payload's file open, so its name can go with the rest of the initramfs: pages and file system stay
    /// as long as the mount.</summary>
    private static void ReleasePayload(Boot boot, string file)
    {
        if (file == InitramfsPaths.Payload || (boot.Plan.Carrier == Carrier.Initrd && file == boot.Plan.Path))
        {
            FileNodes.Remove(null, Encoding.UTF8.GetBytes(file));
            boot.Journal.Say("the image has no name in the initramfs any more; its mount holds it");
        }
    }
}
