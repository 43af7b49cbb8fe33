namespace Rootcast.Lab.Machines;

/// <summary>A virtio_net card on a tap link.</summary>
/// <param name="Link">Name of the link, which is there and up.</param>
/// <param name="HasBootRom">Whether the card brings QEMU's boot ROM (iPXE). UEFI has a driver and PXE of its own.</param>
public sealed record MachineTap(string Link, bool HasBootRom);
