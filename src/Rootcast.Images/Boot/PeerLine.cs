using Rootcast.Contract;

namespace Rootcast.Images.Boot;

/// <summary>The kernel arguments that boot one of our artefacts under an initramfs of others, or why none do.</summary>
/// <param name="Arguments">The line.</param>
/// <param name="Notes">What must be so beside it.</param>
public sealed record PeerLine(KernelArguments Arguments, IReadOnlyList<string> Notes)
{
    private static readonly (PeerInitramfs Peer, string Name)[] PeerNames =
    [
        (PeerInitramfs.Dracut059, "dracut-059"),
        (PeerInitramfs.Dracut106, "dracut-106"),
        (PeerInitramfs.Dracut112, "dracut-112"),
        (PeerInitramfs.LiveBoot, "live-boot"),
        (PeerInitramfs.El6, "el6"),
    ];

    /// <summary>How they are named on the command line.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. PeerNames.Select(pair => pair.Name)];

    /// <summary>The initramfs of that name, or null.</summary>
    public static PeerInitramfs? PeerOf(string name)
    {
        int index = Array.FindIndex(PeerNames, pair => pair.Name == name);
        return index < 0 ? null : PeerNames[index].Peer;
    }

    /// <summary>Writes the line.</summary>
    /// <param name="peer">Whose initramfs.</param>
    /// <param name="form">Of the artefact.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="toRam">Whether it is copied into memory first.</param>
    /// <exception cref="UserError">It cannot be booted so; says why.</exception>
    public static PeerLine Of(PeerInitramfs peer, Form form, PeerPlace place, bool toRam)
    {
        string peerName = PeerNames[(int)peer].Name;
        if (form == Form.Disk)
        {
            return place is { Device: { } device, Path: null, Url: null }
                ? new PeerLine(KernelArguments.Parse($"root={device} rw"), ["Write the artefact to that device first: rootcast write."])
                : throw Cannot(peerName, form, "it is mounted where it is", "Name the device that it was written to by --device.");
        }
        if (WhyNot(peer, form) is { } why)
        {
            throw Cannot(peerName, form, why, "Take a form that it knows: --form squashfs, or livefs for dracut and el6.");
        }
        return peer switch
        {
            PeerInitramfs.LiveBoot => LiveBoot(place, toRam),
            PeerInitramfs.El6 => El6(place),
            _ => Dracut(peer, form, place, toRam),
        };
    }

    private static string? WhyNot(PeerInitramfs peer, Form form) =>
        (peer, Contract.Names.Of(form)) switch
        {
            (_, "tmpfs") => "it unpacks no archive of a tree into a tmpfs",
            (_, "zram") => "it unpacks no archive of a tree into a zram device",
            (_, "ramdisk") => "it takes a tar with rootfs.img in it (rd.writable.fsimg), and the artefact is the image as a zstd stream",
            (_, "initramfs") =>
                "the kernel unpacks the tree below /sysroot, where only Rootcast's /init takes it from; it needs no other initramfs",
            (PeerInitramfs.LiveBoot, "erofs") => "live-boot knows squashfs, ext and xfs images only",
            (PeerInitramfs.Dracut059 or PeerInitramfs.El6, "erofs") => "it knows EROFS only since version 106",
            (PeerInitramfs.LiveBoot, "livefs") => "live-boot looks for the tree in the squashfs itself, not for LiveOS/rootfs.img",
            (PeerInitramfs.El6, "squashfs") => "it wants LiveOS/rootfs.img in the squashfs",
            (_, "squashfs" or "erofs" or "livefs") => null,
            _ => "it does not know that form",
        };

    private static PeerLine Dracut(PeerInitramfs peer, Form form, PeerPlace place, bool toRam)
    {
        List<string> words = [];
        List<string> notes = ["The initramfs needs dracut's modules dmsquash-live and, to fetch, livenet."];
        switch (place)
        {
            case { Url: { } url }:
                words.AddRange([$"root=live:{url}", "rd.neednet=1", "ip=dhcp"]);
                notes.Add("dracut does not check what it fetches: no digest, and up to 059 not even the length.");
                break;
            case { Device: { } device }:
                words.AddRange([$"root=live:{device}", "rd.live.image"]);
                if (place.Path is { } path)
                {
                    (string directory, string file) = Split(path);
                    words.AddRange([$"rd.live.dir={directory}", $"rd.live.squashimg={file}"]);
                }
                break;
            default:
                string inside = place.Path!;
                if (!inside.StartsWith('/') || !inside.EndsWith(".img", StringComparison.OrdinalIgnoreCase))
                {
                    throw new UserError(
                        $"dracut takes a file in the initramfs only by an absolute path that ends in .img, and {inside} is none",
                        "Append it as a cpio archive with such a name: --path /squashfs.img.",
                        UserErrorKind.Input
                    );
                }
                words.AddRange([$"root=live:{inside}", "rd.live.image"]);
                break;
        }
        if (Contract.Names.Of(form) != "livefs")
        {
            words.Add(peer == PeerInitramfs.Dracut112 ? "rd.overlay" : "rd.live.overlay.overlayfs=1");
        }
        if (toRam)
        {
            words.Add("rd.live.ram=1");
            notes.Add("rd.live.ram with a URL holds the image twice for a while.");
        }
        return new PeerLine(KernelArguments.Parse(string.Join(' ', words)), notes);
    }

    private static PeerLine LiveBoot(PeerPlace place, bool toRam)
    {
        List<string> words = ["boot=live"];
        const string extension = ".squashfs";
        string? name = place.Url ?? place.Path;
        if (name is null || !name.EndsWith(extension, StringComparison.Ordinal))
        {
            throw new UserError(
                name is null
                    ? "live-boot looks for a file on the device, not for a device that is the image"
                    : $"live-boot tells what an image is by its name, and {name} does not end in {extension}",
                $"Serve it as root{extension}, or copy it to a file system as --path /live/root{extension}.",
                UserErrorKind.Input
            );
        }
        if (place.Url is { } url)
        {
            words.Add($"fetch={url}");
        }
        else if (place.Device is { } device)
        {
            (string directory, _) = Split(place.Path!);
            words.AddRange([$"live-media={DevicePath(device)}", $"live-media-path={directory}"]);
        }
        else
        {
            throw new UserError("live-boot looks for no image in the initramfs", "Give --url or --device.", UserErrorKind.Input);
        }
        if (toRam)
        {
            words.Add("toram");
        }
        return new PeerLine(
            KernelArguments.Parse(string.Join(' ', words)),
            ["The initramfs needs live-boot-initramfs-tools.", "live-boot does not check what it fetches."]
        );
    }

    private static PeerLine El6(PeerPlace place)
    {
        if (place is not { Url: null, Device: null, Path: { } path } || !path.EndsWith(".iso", StringComparison.Ordinal))
        {
            throw new UserError(
                "the article's initramfs takes an ISO that lies in the initrd",
                "Give --path /x.iso, neither --url nor --device.",
                UserErrorKind.Input
            );
        }
        return new PeerLine(
            KernelArguments.Parse($"root={path} rootfstype=auto rw liveimg toram size=4096"),
            [
                $"Wrap the artefact: xorriso -as mkisofs -V live -o x.iso -graft-points LiveOS/squashfs.img=root.squashfs; then append it to the initrd as {path}.",
                "EL6's kernel reads squashfs of gzip and xz, and ext4 without later features.",
                "Not run by Rootcast's tests: EL6's dracut is not to be had any more.",
            ]
        );
    }

    /// <summary><c>/live/root.squashfs</c> is <c>live</c> and <c>root.squashfs</c>.</summary>
    private static (string Directory, string File) Split(string path)
    {
        string trimmed = path.Trim('/');
        int slash = trimmed.LastIndexOf('/');
        return slash < 0 ? ("/", trimmed) : (trimmed[..slash], trimmed[(slash + 1)..]);
    }

    private static string DevicePath(string device) =>
        device.StartsWith("LABEL=", StringComparison.Ordinal) ? "/dev/disk/by-label/" + device["LABEL=".Length..]
        : device.StartsWith("UUID=", StringComparison.Ordinal) ? "/dev/disk/by-uuid/" + device["UUID=".Length..]
        : device;

    private static UserError Cannot(string peer, Form form, string why, string hint) =>
        new($"{peer} cannot boot form {Contract.Names.Of(form)}: {why}", hint, UserErrorKind.Input);
}
