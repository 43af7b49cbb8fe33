namespace Rootcast.Lab.Machines;

/// <summary>A raw file that the guest sees as a disk. The guest never changes the file: what it writes is thrown away.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bus">How it is attached.</param>
public sealed record MachineDisk(string Path, DiskBus Bus = DiskBus.Virtio);
