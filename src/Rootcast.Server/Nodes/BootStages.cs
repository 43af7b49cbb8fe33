namespace Rootcast.Server.Nodes;

/// <summary>What the server sees of a boot before <c>/init</c> has a voice; its marks follow.</summary>
public static class BootStages
{
    /// <summary>DHCP named the boot file.</summary>
    public const string Offer = "offer";

    /// <summary>The script, or what stands for it, was asked for.</summary>
    public const string Script = "script";

    /// <summary>The kernel was fetched.</summary>
    public const string Kernel = "kernel";

    /// <summary>The initrd was fetched.</summary>
    public const string Initrd = "initrd";

    /// <summary>The artefact was fetched.</summary>
    public const string Artefact = "artefact";
}
