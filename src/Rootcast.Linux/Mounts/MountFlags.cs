namespace Rootcast.Linux.Mounts;

/// <summary>MS_* of mount(2).</summary>
[Flags]
public enum MountFlags
{
    None = 0,
    ReadOnly = 1,
    NoSuid = 2,
    NoDevices = 4,
    NoExecute = 8,
    Remount = 32,
    NoAccessTime = 1024,
    Bind = 4096,
    Move = 8192,
    Recursive = 16384,
    Silent = 32768,
    Private = 1 << 18,
    Slave = 1 << 19,
    Shared = 1 << 20,
    RelativeAccessTime = 1 << 21,
    StrictAccessTime = 1 << 24,
}
