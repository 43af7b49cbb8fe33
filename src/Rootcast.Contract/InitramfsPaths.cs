namespace Rootcast.Contract;

/// <summary>Where builder and init agree to find things inside the initramfs, and what init leaves under <c>/run</c>.</summary>
public static class InitramfsPaths
{
    /// <summary>Directory of files with kernel arguments, one or more a line, read in the order of their names before the kernel's own
    /// command line; what comes later wins.</summary>
    public const string ArgumentsDirectory = "/etc/cmdline.d";

    /// <summary>Kernel arguments that every boot of the image has unless something says otherwise: what its recipe chose for the guest.</summary>
    public const string ImageArguments = "/etc/cmdline.d/10-image.conf";

    /// <summary>The empty file system of form <c>zram</c>: a tar archive of one sparse file, named as the file system's type.</summary>
    public const string ZramFileSystem = "/usr/lib/rootcast/zram.tar";

    /// <summary>Each root daemon has two files here: <c>NAME.conf</c>, a <see cref="RootDaemon"/>, and <c>NAME.tar</c>, what is in its root.</summary>
    public const string RootDaemons = "/usr/lib/rootcast/daemons";

    /// <summary>Where the roots of the daemons that run are, one directory each, named after it.</summary>
    public const string RunningDaemons = "/run/initramfs/daemons";

    /// <summary>The boot plan as arguments, written by the builder into the node segment.</summary>
    public const string Plan = "/etc/cmdline.d/50-rootcast.conf";

    /// <summary>Kernel arguments of one machine, written into its node segment; they count after <see cref="Plan"/>.</summary>
    public const string NodeArguments = "/etc/cmdline.d/70-node.conf";

    /// <summary>What is below it is copied into the tree just before the handover: files of one machine, from its node segment.</summary>
    public const string NodeTree = "/etc/rootcast/node/tree";

    /// <summary>The artefact of carrier <c>initrd</c>.</summary>
    public const string Payload = "/rootcast/payload";

    /// <summary>Where the kernel unpacks the tree of form <c>initramfs</c>; other forms mount theirs here.</summary>
    public const string UnpackedTree = "/sysroot";

    /// <summary>Extended attributes of that tree: a tar archive of the entries that have some, without data.</summary>
    public const string UnpackedAttributes = "/rootcast/attributes.tar";

    /// <summary>What must be there when all of that tree is: an <see cref="Contract.UnpackedMark"/>, the archive's last file.</summary>
    public const string UnpackedMark = "/rootcast/unpacked";

    /// <summary>Modules of kernel V are below <c>/usr/lib/modules/V/</c>, with the indexes of kmod cut down to what is packed.</summary>
    public const string Modules = "/usr/lib/modules";

    /// <summary>Firmware that the packed modules ask for.</summary>
    public const string Firmware = "/usr/lib/firmware";

    /// <summary>Names of modules to load before devices are looked for, one a line.</summary>
    public const string ModulesToLoad = "/etc/rootcast/modules";

    /// <summary>What is in the initramfs and why, where it was made for a machine and not for an image.</summary>
    public const string Manifest = "/etc/rootcast/manifest";

    /// <summary>Authorities by which init judges an HTTPS server, as PEM; without it init fetches by HTTP alone.</summary>
    public const string Authority = "/etc/rootcast/authority.pem";

    /// <summary>Shell of <c>rootcast.rescue</c> and <c>rootcast.onfail=shell</c>, when packed.</summary>
    public const string Busybox = "/usr/bin/busybox";

    /// <summary>What init leaves for the running system: marks, log, the boot plan that was carried out.</summary>
    public const string RunDirectory = "/run/rootcast";

    /// <summary>The marks of this boot, one <see cref="Mark"/> a line.</summary>
    public const string Marks = "/run/rootcast/marks";

    /// <summary>The boot plan that was carried out, as arguments.</summary>
    public const string CarriedOutPlan = "/run/rootcast/plan";
}
