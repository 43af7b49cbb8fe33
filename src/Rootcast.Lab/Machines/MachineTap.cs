namespace Rootcast.Lab.Machines;

/// <summary>A virtio_net card on a tap link.</summary>
/// <param name="Link">Name of the link, which is there and up.</param>
/// <param name="HasBootRom">Whether the card brings QEMU's boot ROM (iPXE). UEFI has a driver and PXE of its own.</param>
/// <param name="HardwareAddress">As <c>52:54:00:12:34:56</c>; null takes QEMU's, which is the same for all machines.</param>
public sealed record MachineTap(string Link, bool HasBootRom, string? HardwareAddress = null);
