namespace Rootcast.Contract;

/// <summary>
/// What <c>/init</c> is to do. It has one spelling: <c>rootcast.*</c> kernel arguments. The builder writes them to
/// <see cref="InitramfsPaths.Plan"/>, the kernel's command line overrides them; docs/boot.md has the table.
/// </summary>
public sealed partial record BootPlan
{
    /// <summary><c>rootcast.form=</c>; the only key without a default.</summary>
    public required Form Form { get; init; }

    /// <summary><c>rootcast.carrier=</c>: default <c>initrd</c>.</summary>
    public Carrier Carrier { get; init; } = Carrier.Initrd;

    /// <summary><c>rootcast.artefact=sha256:HEX,BYTES,UNPACKED</c>. Without it a fetch is refused.</summary>
    public ArtefactIdentity? Artefact { get; init; }

    /// <summary><c>rootcast.device=LABEL=…|UUID=…|/dev/…</c>: where carrier <c>disk</c> looks.</summary>
    public string? Device { get; init; }

    /// <summary><c>rootcast.path=</c>: file on the device's file system; absent when the device itself is the artefact.</summary>
    public string? Path { get; init; }

    /// <summary><c>rootcast.url=</c>: where carrier <c>http</c> fetches.</summary>
    public string? Url { get; init; }

    /// <summary><c>rootcast.size=</c>: bound of the tmpfs of form <c>tmpfs</c>.</summary>
    public SizeBound Size { get; init; } = SizeBound.Percent(50);

    /// <summary><c>rootcast.overlay.size=</c>: bound of the overlay's upper tmpfs.</summary>
    public SizeBound OverlaySize { get; init; } = SizeBound.Percent(50);

    /// <summary><c>rootcast.timeout=</c>: how long to wait for a device or a link, in seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>rootcast.verify</c>: whether the artefact's digest is checked before it is used. Null leaves it to the carrier: what was
    /// fetched or came with the initrd is checked, and so is everything that is copied anyway; a squashfs that is mounted where it lies on a
    /// disk is not, because reading it whole would cost more than the boot. Carrier <c>http</c> always checks.</summary>
    public bool? Verify { get; init; }

    /// <summary><c>rootcast.onfail=</c>.</summary>
    public OnFail OnFail { get; init; } = OnFail.Reboot;

    /// <summary><c>rootcast.countdown=</c>: seconds that a failure stays on screen before <see cref="OnFail"/>.</summary>
    public TimeSpan Countdown { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><c>rootcast.rescue</c>: a shell before the root is mounted.</summary>
    public bool Rescue { get; init; }

    /// <summary><c>init=</c>: the program to hand over to; default: the first of <c>/sbin/init</c>, systemd, busybox that the tree has.</summary>
    public string? Init { get; init; }

    /// <summary><c>ip=</c>, as the kernel's nfsroot.rst has it; null asks by DHCP on every link.</summary>
    public string? Ip { get; init; }

    /// <summary><c>rootcast.writetest=</c>: how many bytes the lab's ready report writes into <c>/</c>; 0 for none.</summary>
    public long WriteTestBytes { get; init; }
}
