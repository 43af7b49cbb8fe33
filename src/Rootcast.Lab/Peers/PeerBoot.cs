using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Images.Initrds;
using Rootcast.Images.Store;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;

namespace Rootcast.Lab.Peers;

/// <summary>A boot of an image's tree under the initramfs of others, with the image's own kernel.</summary>
public sealed record PeerBoot
{
    /// <summary>What is booted and how.</summary>
    public required Peer Peer { get; init; }

    /// <summary>Its initramfs, for the image's first kernel.</summary>
    public required PeerImage Initramfs { get; init; }

    /// <summary>The store.</summary>
    public required ImageStore Store { get; init; }

    /// <summary>The image.</summary>
    public required ImageManifest Image { get; init; }

    /// <summary>Where the artefact is served; null by carrier <c>disk</c>.</summary>
    public string? Url { get; init; }

    /// <summary>The machine's memory, processors and networks; the rest is filled in.</summary>
    public required Machine Hardware { get; init; }

    /// <summary>The machine, its initrd and disk written to a directory, and the bytes that are delivered to it, by parts.</summary>
    public async Task<(Machine Machine, BootFileBytes Delivered)> PrepareAsync(string directory, CancellationToken cancellation)
    {
        ImageArtefact artefact = Image.ArtefactOf(Peer.Form);
        string initrd = Path.Combine(directory, "initrd.img");
        InitrdAssembler.Assemble(
            [InitrdSegment.OfFile(SegmentKind.Base, Initramfs.Path), PeerSegment.Make()],
            initrd,
            cancellation: cancellation
        );
        List<MachineDisk> disks = [];
        PeerPlace place;
        if (Url is { } url)
        {
            // live-boot goes by what the address ends in; the server does not look at what follows the question mark.
            place = new PeerPlace(Peer.Initramfs == PeerInitramfs.LiveBoot ? $"{url}?root.squashfs" : url, null, null);
        }
        else
        {
            string blob = Store.PathOf(artefact.Blob);
            ArtefactDisk made = await ArtefactDisk.MakeAsync(
                blob,
                Peer.Form,
                artefact.Identity,
                artefact.Disks,
                DiskBus.Virtio,
                DiskContent.File,
                directory,
                cancellation
            );
            disks.Add(made.Disk);
            place = new PeerPlace(null, made.Device, made.Path);
        }
        PeerLine line = PeerLine.Of(Peer.Initramfs, Peer.Form, place, Peer.ToRam);
        Machine machine = Hardware with
        {
            Kernel = Store.PathOf(Image.Kernels[0].Blob),
            Initrd = initrd,
            CommandLine = KernelArguments.Parse("panic=-1").Concat(line.Arguments).ToString(),
            Disks = disks,
        };
        long initramfs = new FileInfo(Initramfs.Path).Length;
        return (machine, new BootFileBytes(Image.Kernels[0].Blob.Bytes, initramfs, 0, 0, artefact.Blob.Bytes));
    }
}
