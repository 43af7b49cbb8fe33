using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Init.Stages;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Forms;

/// <summary>Squashfs below an overlay whose upper half is a bounded tmpfs. Everything is mounted below /run/rootcast and so stays visible:
/// <c>image</c> (tmpfs that holds a fetched artefact), <c>lower</c> (the squashfs), <c>overlay</c> (the upper tmpfs).</summary>
public sealed class SquashfsForm : IForm
{
    private const string Image = InitramfsPaths.RunDirectory + "/image";
    private const string Lower = InitramfsPaths.RunDirectory + "/lower";
    private const string Overlay = InitramfsPaths.RunDirectory + "/overlay";

    /// <inheritdoc/>
    public void Prepare(Boot boot)
    {
        bool needsLoop = boot.Plan.Carrier != Carrier.Disk || boot.Plan.Path is not null;
        boot.Modules.RequireAll("form squashfs", needsLoop ? ["squashfs", "overlay", "loop"] : ["squashfs", "overlay"]);
    }

    /// <inheritdoc/>
    public void Mount(Boot boot, IArtefactSource source, string root)
    {
        string file = source.MountablePath is { } place ? Checked(boot, source, place) : Fetch(boot, source);
        CheckSuperblock(file, source);
        ApiFileSystems.MakeDirectory(Lower);
        MountLower(boot, file);
        ReleasePayload(boot, file);

        ApiFileSystems.MakeDirectory(Overlay);
        string bound = $"size={boot.Plan.OverlaySize},mode=0755";
        Mounting.Mount("tmpfs", "rootcast-overlay", Overlay, MountFlags.NoAccessTime, bound);
        ApiFileSystems.MakeDirectory(Overlay + "/upper");
        ApiFileSystems.MakeDirectory(Overlay + "/work");
        Mounting.Mount("overlay", "rootcast", root, MountFlags.None, $"lowerdir={Lower},upperdir={Overlay}/upper,workdir={Overlay}/work");
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
    private static string Fetch(Boot boot, IArtefactSource source)
    {
        ApiFileSystems.MakeDirectory(Image);
        const int slack = 1 << 20;
        Mounting.Mount(
            "tmpfs",
            "rootcast-image",
            Image,
            MountFlags.NoSuid | MountFlags.NoDevices,
            $"size={source.Length + slack},mode=0700"
        );
        string file = $"{Image}/root.squashfs";
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

    /// <summary>A squashfs says in its superblock how long it is: what is shorter was cut, and would give I/O errors later.</summary>
    private static void CheckSuperblock(string file, IArtefactSource source)
    {
        using SafeFileHandle handle = FileNodes.Open(file, OpenFlags.ReadOnly);
        byte[] first = new byte[FileSystemSignature.BytesNeeded];
        int got = FileData.ReadAt(handle, first, 0, file);
        FileSystemSignature? signature = FileSystemSignature.Read(first.AsSpan(0, got));
        if (signature?.Type != "squashfs")
        {
            throw new InvalidDataException(
                $"{source.Origin} is no squashfs: it {(signature is null ? "begins with unknown bytes" : $"is {signature}")}"
            );
        }
        long length = BlockDevice.Length(handle, file);
        if (length < signature.Bytes)
        {
            throw new InvalidDataException($"{source.Origin} is cut: it has {length} bytes, its superblock says {signature.Bytes}");
        }
    }

    private static void MountLower(Boot boot, string file)
    {
        FileStatus status = FileNodes.Status(null, Encoding.UTF8.GetBytes(file));
        if (status.Type == FileStatus.TypeBlockDevice)
        {
            Mounting.Mount("squashfs", file, Lower, MountFlags.ReadOnly);
            return;
        }
        using LoopDevice loop = LoopDevice.Attach(file, new LoopOptions(ReadOnly: true, DirectIo: true));
        boot.Journal.Say($"{file} is {loop.Path}{(loop.UsesDirectIo ? " with direct I/O" : "")}");
        Mounting.Mount("squashfs", loop.Path, Lower, MountFlags.ReadOnly);
    }

    /// <summary>The loop device keeps the payload's file open, so its name can go with the rest of the initramfs: pages and file system stay
    /// as long as the mount.</summary>
    private static void ReleasePayload(Boot boot, string file)
    {
        if (file == InitramfsPaths.Payload)
        {
            FileNodes.Remove(null, Encoding.UTF8.GetBytes(file));
            boot.Journal.Say("the payload has no name any more; the loop device holds it");
        }
    }
}
