namespace Rootcast.Contract;

/// <summary>
/// What <c>/init</c> is to do. It has one spelling: <c>rootcast.*</c> kernel arguments. The builder writes them to
/// <see cref="InitramfsPaths.Plan"/>, the kernel's command line overrides them; docs/boot.md has the table.
/// </summary>
public sealed partial record BootPlan
{
    /// <summary><c>rootcast.form=</c>; the only key without a default.</summary>
    public required Form Form { get; init; }

    /// <summary><c>rootcast.carrier=</c>: where the artefact is looked for, in this order; default <c>auto</c>: initrd, disk, http. Once it is found
    /// only the one that had it is left.</summary>
    public CarrierOrder Carriers { get; init; } = CarrierOrder.Auto;

    /// <summary>The carrier, where there is one; the first of <see cref="Carriers"/>, where there are several. Setting it leaves no other.</summary>
    public Carrier Carrier
    {
        get => Carriers[0];
        init => Carriers = CarrierOrder.Only(value);
    }

    /// <summary><c>rootcast.artefact=sha256:HEX,BYTES,UNPACKED</c>. Without it a fetch is refused.</summary>
    public ArtefactIdentity? Artefact { get; init; }

    /// <summary><c>rootcast.device=LABEL=…|UUID=…|/dev/…</c>: where carrier <c>disk</c> looks; without it on every medium, for a file at
    /// <see cref="MediaPaths.Of"/>.</summary>
    public string? Device { get; init; }

    /// <summary><c>rootcast.path=</c>: file on the device's file system; absent when the device itself is the artefact.</summary>
    public string? Path { get; init; }

    /// <summary><c>rootcast.url=</c>: where carrier <c>http</c> fetches.</summary>
    public string? Url { get; init; }

    /// <summary><c>rootcast.options=</c>: what form <c>disk</c> mounts the root with, as in /etc/fstab: <c>ro</c>, <c>subvol=@</c>, <c>noatime</c>; null for
    /// writing and nothing else.</summary>
    public string? Options { get; init; }

    /// <summary><c>rootcast.activate=</c>: what is brought up before the root's device is looked for, in this order, between commas: <c>md</c> (arrays of
    /// /etc/mdadm/mdadm.conf), <c>luks:UUID:NAME[:discard][:key=FILE]</c>, <c>lvm:VG/LV</c>. Null for nothing.</summary>
    public string? Activate { get; init; }

    /// <summary><c>rootcast.daemon=</c>: the root daemon that serves what the kernel would mount otherwise, in the forms <c>squashfs</c>, <c>erofs</c> and
    /// <c>disk</c>. Null for the kernel.</summary>
    public string? Daemon { get; init; }

    /// <summary><c>rootcast.zfs=POOL[/DATASET]</c>: what forms <c>zfs</c> and <c>zfs-fuse</c> boot: a pool by name or number, and which of its file systems is the root. Null
    /// for the pool on <see cref="Device"/>, else the only one that there is, and for the file system that it mounts on <c>/</c>.</summary>
    public string? Zfs { get; init; }

    /// <summary><c>rootcast.zfs.snapshot=</c>: the root is a clone of this snapshot of it, which stays as it is. Null for the file system itself.</summary>
    public string? ZfsSnapshot { get; init; }

    /// <summary><c>rootcast.zfs.force</c>: takes a pool that another machine had and did not export.</summary>
    public bool ZfsForce { get; init; }

    /// <summary>Whether something comes by the network, or it is asked for.</summary>
    public bool NeedsNetwork => Carrier == Carrier.Http || Network || ZfsKey?.StartsWith("http", StringComparison.Ordinal) == true;

    /// <summary><c>rootcast.zfs.readonly</c>: form <c>zfs</c> imports the pool without writing anything to it, to save what is there.</summary>
    public bool ZfsReadOnly { get; init; }

    /// <summary><c>rootcast.zfs.key=</c>: where the key of an encrypted file system is: <c>file:///PATH</c> in the initramfs, <c>http://</c> or <c>https://</c>. Null asks on the
    /// console, unless the pool itself names a file.</summary>
    public string? ZfsKey { get; init; }

    /// <summary><c>rootcast.zfs.arc=</c>: bound of the cache of form <c>zfs</c> (zfs_arc_max). The module's own is half of memory.</summary>
    public SizeBound ZfsCache { get; init; } = SizeBound.Percent(25);

    /// <summary><c>rootcast.size=</c>: bound of the tmpfs of form <c>tmpfs</c>.</summary>
    public SizeBound Size { get; init; } = SizeBound.Percent(50);

    /// <summary><c>rootcast.zram.compressor=</c>: what form <c>zram</c> compresses by, as the kernel names it.</summary>
    public string ZramCompressor { get; init; } = "zstd";

    /// <summary><c>rootcast.mpol=</c>: from which memory nodes a tmpfs of ours takes its pages, as tmpfs's own option says it. Null interleaves where there
    /// is more than one node; <see cref="DefaultMemoryPolicy"/> leaves it to the kernel.</summary>
    public string? MemoryPolicy { get; init; }

    /// <summary><c>rootcast.overlay=tmpfs|none|LABEL=…|UUID=…|/dev/…</c>: where forms whose artefact cannot be written (<c>squashfs</c>, <c>erofs</c>, <c>livefs</c>)
    /// keep what is written. Null is <c>tmpfs</c>; <see cref="NoOverlay"/> leaves the root read-only; else the device keeps it over reboots.</summary>
    public string? Overlay { get; init; }

    /// <summary>The value of <see cref="Overlay"/> for a root that stays read-only.</summary>
    public const string NoOverlay = "none";

    /// <summary>The value of <see cref="MemoryPolicy"/> that leaves it to the kernel.</summary>
    public const string DefaultMemoryPolicy = "default";

    /// <summary>The device of a persistent overlay; null when there is none.</summary>
    public string? OverlayDevice => Overlay is NoOverlay ? null : Overlay;

    /// <summary><c>rootcast.overlay.size=</c>: how much can be written over the artefact in memory.</summary>
    public SizeBound OverlaySize { get; init; } = SizeBound.Percent(50);

    /// <summary><c>rootcast.overlay.inodes=</c>: how many files the overlay's tmpfs takes; null for the kernel's choice (one for two pages of memory).</summary>
    public long? OverlayInodes { get; init; }

    /// <summary><c>rootcast.overlay.path=</c>: directory on the overlay's device; images that share a device need one each.</summary>
    public string OverlayPath { get; init; } = "/rootcast/overlay";

    /// <summary><c>rootcast.overlay.layout=</c>: who wrote what the device holds.</summary>
    public OverlayLayout OverlayLayout { get; init; }

    /// <summary><c>rootcast.overlay.reset</c>: what the persistent overlay holds is deleted first.</summary>
    public bool OverlayReset { get; init; }

    /// <summary><c>rootcast.overlay.readonly</c>: what the persistent overlay holds is there, and what is written goes to memory.</summary>
    public bool OverlayReadOnly { get; init; }

    /// <summary><c>rootcast.timeout=</c>: how long to wait for a device or a link, in seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>rootcast.verify</c>: whether the artefact's digest is checked before it is used. Null leaves it to the carrier: what was
    /// fetched or came with the initrd is checked, and so is everything that is copied anyway; a squashfs that is mounted where it lies on a
    /// disk is not, because reading it whole would cost more than the boot. Carrier <c>http</c> always checks.</summary>
    public bool? Verify { get; init; }

    /// <summary><c>rootcast.toram</c>: what could be mounted where it lies on a medium is copied into memory, and the medium is released.</summary>
    public bool ToRam { get; init; }

    /// <summary><c>rootcast.onfail=</c>.</summary>
    public OnFail OnFail { get; init; } = OnFail.Reboot;

    /// <summary><c>rootcast.countdown=</c>: seconds that a failure stays on screen before <see cref="OnFail"/>.</summary>
    public TimeSpan Countdown { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><c>rootcast.rescue</c>: a shell before the artefact is looked for, or with <c>rootcast.rescue=handover</c> just before the
    /// handover.</summary>
    public RescuePoint Rescue { get; init; }

    /// <summary><c>rootcast.inside=</c>: the artefact was made by others, so init looks at what it is. A squashfs, flat or with
    /// <c>LiveOS/rootfs.img</c> in it, is taken as it is; on any other file system (an ISO, a partition) the image is looked for at this path,
    /// or for <c>auto</c> at the usual ones. What the plan gives no digest for is not verified then, which is said.</summary>
    public string? Inside { get; init; }

    /// <summary><c>rootcast.link=</c>: the one network card to use, by hardware address or name; null for any that answers.</summary>
    public string? Link { get; init; }

    /// <summary><c>rootcast.network</c>: brings the network up though the carrier does not need it.</summary>
    public bool Network { get; init; }

    /// <summary><c>rootcast.report=</c>: an http URL to which init posts its marks, and what failed; null for nowhere.</summary>
    public string? Report { get; init; }

    /// <summary><c>rootcast.secrets=</c>: an https URL that gives files of this machine once; null for none.</summary>
    public string? Secrets { get; init; }

    /// <summary><c>rootcast.token=</c>: what <see cref="Secrets"/> are given for. It is in no log.</summary>
    public string? Token { get; init; }

    /// <summary>The plan as it may be shown and kept.</summary>
    public BootPlan WithoutToken => this with { Token = null };

    /// <summary><c>init=</c>: the program to hand over to; default: the first of <c>/sbin/init</c>, systemd, busybox that the tree has.</summary>
    public string? Init { get; init; }

    /// <summary><c>ip=</c>, as the kernel's nfsroot.rst has it; null asks by DHCP on every link.</summary>
    public string? Ip { get; init; }

    /// <summary><c>rootcast.writetest=</c>: how many bytes the lab's ready report writes into <c>/</c>; 0 for none.</summary>
    public long WriteTestBytes { get; init; }
}
