namespace Rootcast.Lab.Measuring;

/// <summary>Bytes on their way to one machine.</summary>
/// <param name="Kernel">The bzImage.</param>
/// <param name="Initramfs">Base segment.</param>
/// <param name="Plan">Plan segment.</param>
/// <param name="Payload">The artefact in the initrd, with its headers; 0 by other carriers.</param>
/// <param name="Artefact">The artefact apart; 0 by <c>initrd</c>.</param>
/// <param name="Served">Content that the server gave to the connection until the end of the run; null where nothing was served.</param>
/// <param name="Received">What the guest's network cards had received at <c>ready</c>, headers and all; null where it did not say.</param>
/// <param name="DiskRead">What the guest had read of its disks at <c>ready</c>; null where it did not say.</param>
public sealed record MeasuredDelivery(
    long Kernel,
    long Initramfs,
    long Plan,
    long Payload,
    long Artefact,
    long? Served = null,
    long? Received = null,
    long? DiskRead = null
)
{
    /// <summary>All parts.</summary>
    public long Total => Kernel + Initramfs + Plan + Payload + Artefact;
}
