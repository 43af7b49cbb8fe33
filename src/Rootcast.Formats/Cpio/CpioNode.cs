namespace Rootcast.Formats.Cpio;

/// <summary>A file with several names whose other names are yet to come.</summary>
internal readonly record struct CpioNode(uint Inode, uint Mode, uint LinkCount);
