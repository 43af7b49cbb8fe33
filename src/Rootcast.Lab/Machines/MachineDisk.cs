namespace Rootcast.Lab.Machines;

/// <summary>A raw file that the guest sees as a disk.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bus">How it is attached.</param>
/// <param name="IsWritable">Whether what the guest writes goes into the file. Else the guest never changes it.</param>
public sealed record MachineDisk(string Path, DiskBus Bus = DiskBus.Virtio, bool IsWritable = false);
