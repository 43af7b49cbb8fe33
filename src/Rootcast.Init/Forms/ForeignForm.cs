using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Init.Overlays;
using Rootcast.Init.Stages;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Forms;

/// <summary>An image that others made (<c>rootcast.inside=</c>): its content tells what it is. A squashfs or EROFS is the root or holds its image;
/// an ISO, a partition or a stick has one in a file; what is none of these is left to the form that the plan names.</summary>
/// <param name="named">That form.</param>
public sealed class ForeignForm(IForm named) : IForm
{
    private const string Medium = InitramfsPaths.RunDirectory + "/medium";
    private const string Lower = LivefsForm.Lower;
    private const string Inner = InitramfsPaths.RunDirectory + "/inner";

    /// <inheritdoc/>
    public void Prepare(Boot boot)
    {
        boot.Modules.RequireAll("an image made by others", ["squashfs", "loop", .. OverlayRoot.Modules(boot.Plan)]);
        named.Prepare(boot);
    }

    /// <inheritdoc/>
    public void Mount(Boot boot, IArtefactSource source, string root)
    {
        if (boot.Plan.Artefact is null)
        {
            boot.Journal.Problem($"{source.Origin} is not verified: nothing says which digest it must have (rootcast.artefact=)");
        }
        if (source.MountablePath is { } place)
        {
            MountPlace(boot, source, place, ForeignImages.SignatureOf(place), root);
            return;
        }
        using Stream bytes = source.Open();
        byte[] first = new byte[(int)Math.Min(source.Length, FileSystemSignature.BytesNeeded)];
        bytes.ReadExactly(first);
        FileSystemSignature? signature = FileSystemSignature.Read(first);
        SniffedSource arriving = new(source, first, bytes);
        if (signature is null || (named is RamdiskForm && IsWritable(signature.Type)))
        {
            named.Mount(boot, arriving, root);
            return;
        }
        string image = HeldImage.Hold(boot, arriving, signature.Type);
        MountPlace(boot, source, image, signature, root);
    }

    private void MountPlace(Boot boot, IArtefactSource source, string place, FileSystemSignature? signature, string root)
    {
        switch (signature?.Type)
        {
            case null:
                named.Mount(boot, source, root);
                break;
            case "squashfs" or "erofs":
                MountImages(boot, [source.MountablePath is null ? place : HeldImage.Hold(boot, source, signature.Type)], root);
                break;
            default:
                MountMedium(boot, place, signature, root);
                break;
        }
    }

    /// <summary>A file system that has the image in a file, or is the tree.</summary>
    private void MountMedium(Boot boot, string place, FileSystemSignature signature, string root)
    {
        boot.Modules.Require(signature.Type, $"the file system of {place}");
        ApiFileSystems.MakeDirectory(Medium);
        HeldImage.Mount(boot, place, signature.Type, Medium);
        IReadOnlyList<string> images = ForeignImages.Find(Medium, boot.Plan.Inside!);
        if (images.Count > 0)
        {
            boot.Journal.Say($"{place} ({signature}) has {string.Join(", ", images)}");
            List<string> held = [];
            foreach (string image in images)
            {
                held.Add(HoldInner(boot, image, copy: held.Count == 0));
            }
            MountImages(boot, held, root);
            return;
        }
        if (!IsWritable(signature.Type) || !ForeignImages.IsTree(Medium))
        {
            throw new UserError(
                $"{place} ({signature}) has none of {string.Join(", ", ForeignImages.Candidates(boot.Plan.Inside!))}",
                "Name the image by rd.live.dir= and rd.live.squashimg=, live-media-path=, or rootcast.inside=."
            );
        }
        OverlayRoot.Mount(boot, Medium, root);
    }

    /// <summary>An image on a medium stays there, or is copied for <c>rootcast.toram</c>.</summary>
    private static string HoldInner(Boot boot, string image, bool copy)
    {
        if (!boot.Plan.ToRam || !copy || ForeignImages.SignatureOf(image) is not { } signature)
        {
            return image;
        }
        using SafeFileHandle file = FileNodes.Open(image, OpenFlags.ReadOnly);
        using LocalSource source = new(image, boot, BlockDevice.Length(file, image), null);
        return HeldImage.Hold(boot, source, signature.Type);
    }

    /// <summary>One image over the other; the first may hold the image of a file system instead of a tree.</summary>
    private void MountImages(Boot boot, List<string> images, string root)
    {
        StringBuilder lower = new();
        for (int i = 0; i < images.Count; i++)
        {
            FileSystemSignature signature =
                ForeignImages.SignatureOf(images[i])
                ?? throw new InvalidDataException($"{images[i]} is no image: it begins with unknown bytes");
            if (IsWritable(signature.Type))
            {
                MountInner(boot, images[i], signature, root);
                return;
            }
            string place = i == 0 ? Lower : $"{Lower}-{i}";
            boot.Modules.Require(signature.Type, images[i]);
            ApiFileSystems.MakeDirectory(place);
            HeldImage.Mount(boot, images[i], signature.Type, place);
            lower.Insert(0, lower.Length == 0 ? place : place + ":");
        }
        if (ForeignImages.NestedIn(Lower) is { } nested)
        {
            MountInner(boot, nested, null, root);
            return;
        }
        if (!ForeignImages.IsTree(Lower))
        {
            throw new InvalidDataException($"{images[0]} holds neither a tree nor LiveOS/rootfs.img");
        }
        boot.Journal.Say($"{string.Join(", ", images)}: flat");
        OverlayRoot.Mount(boot, lower.ToString(), root);
    }

    /// <summary>The image of an ordinary file system: in memory for writing, or read-only below an overlay.</summary>
    private void MountInner(Boot boot, string image, FileSystemSignature? signature, string root)
    {
        signature ??=
            ForeignImages.SignatureOf(image) ?? throw new InvalidDataException($"{image} is no file system: it begins with unknown bytes");
        boot.Journal.Say($"{image} is {signature}");
        boot.Modules.Require(signature.Type, image);
        if (named is RamdiskForm)
        {
            using SafeFileHandle file = FileNodes.Open(image, OpenFlags.ReadOnly);
            using LocalSource source = new(image, boot, BlockDevice.Length(file, image), null);
            named.Mount(boot, source, root);
            return;
        }
        if (boot.Plan.OverlayLayout == OverlayLayout.Rootcast && SnapshotRoot.Modules(boot.Plan).All(boot.Modules.TryLoad))
        {
            Snapshot(boot, image, signature, root);
            return;
        }
        // What others keep on a device are directories; and dracut can be asked for overlayfs.
        ApiFileSystems.MakeDirectory(Inner);
        HeldImage.Mount(boot, image, signature.Type, Inner);
        OverlayRoot.Mount(boot, Inner, root);
    }

    private static void Snapshot(Boot boot, string image, FileSystemSignature signature, string root)
    {
        const string within = Lower + "/";
        if (image.StartsWith(within, StringComparison.Ordinal))
        {
            LivefsForm.MountNested(boot, image[within.Length..], root);
            return;
        }
        using LoopDevice origin = LoopDevice.Attach(image, new LoopOptions(ReadOnly: true, DirectIo: true));
        boot.Journal.Say($"{image} ({signature}) is {origin.Path}");
        new SnapshotRoot(boot, origin.Path, signature.Type).Mount(root);
    }

    private static bool IsWritable(string type) => type is "ext4" or "xfs" or "btrfs";
}
