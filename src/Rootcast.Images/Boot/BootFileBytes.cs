namespace Rootcast.Images.Boot;

/// <summary>What is delivered to a machine, part by part, in bytes.</summary>
/// <param name="Kernel">The bzImage.</param>
/// <param name="Initramfs">The base segment, compressed as it is, with microcode and node where there are such.</param>
/// <param name="Plan">The plan segment; 0 when the plan stands on the command line.</param>
/// <param name="Payload">The payload segment of carrier <c>initrd</c> with its headers and padding; else 0.</param>
/// <param name="Artefact">The artefact when it comes apart from the initrd; else 0.</param>
public sealed record BootFileBytes(long Kernel, long Initramfs, long Plan, long Payload, long Artefact)
{
    /// <summary>The initrd file.</summary>
    public long Initrd => Initramfs + Plan + Payload;

    /// <summary>All of it.</summary>
    public long Delivered => Kernel + Initrd + Artefact;
}
