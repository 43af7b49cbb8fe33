namespace Rootcast.Formats.Cpio;

/// <summary>What makes two names one file, as in the kernel's table of hard links.</summary>
internal readonly record struct CpioLinkKey(uint Inode, uint DeviceMajor, uint DeviceMinor, int Type);
