namespace Rootcast.Contract;

/// <summary>Where builder and init agree to find things inside the initramfs, and what init leaves under <c>/run</c>.</summary>
public static class InitramfsPaths
{
    /// <summary>Directory of files with kernel arguments, one or more a line, read in the order of their names before the kernel's own
    /// command line; what comes later wins.</summary>
    public const string ArgumentsDirectory = "/etc/cmdline.d";

    /// <summary>The boot plan as arguments, written by the builder into the node segment.</summary>
    public const string Plan = "/etc/cmdline.d/50-rootcast.conf";

    /// <summary>The artefact of carrier <c>initrd</c>.</summary>
    public const string Payload = "/rootcast/payload";

    /// <summary>Modules of kernel V are below <c>/usr/lib/modules/V/</c>, with the indexes of kmod cut down to what is packed.</summary>
    public const string Modules = "/usr/lib/modules";

    /// <summary>Firmware that the packed modules ask for.</summary>
    public const string Firmware = "/usr/lib/firmware";

    /// <summary>Names of modules to load before devices are looked for, one a line.</summary>
    public const string ModulesToLoad = "/etc/rootcast/modules";

    /// <summary>Shell of <c>rootcast.rescue</c> and <c>rootcast.onfail=shell</c>, when packed.</summary>
    public const string Busybox = "/usr/bin/busybox";

    /// <summary>What init leaves for the running system: marks, log, the boot plan that was carried out.</summary>
    public const string RunDirectory = "/run/rootcast";

    /// <summary>The marks of this boot, one <see cref="Mark"/> a line.</summary>
    public const string Marks = "/run/rootcast/marks";

    /// <summary>The boot plan that was carried out, as arguments.</summary>
    public const string CarriedOutPlan = "/run/rootcast/plan";
}
