namespace Rootcast.Images.Forms;

/// <summary>How the disks of a pool are put together (zpool(8), "Virtual Devices").</summary>
public enum PoolLayout
{
    /// <summary>Their sum; nothing is held twice.</summary>
    Single,

    /// <summary>Each disk has everything.</summary>
    Mirror,

    /// <summary>One disk may be absent.</summary>
    Raidz1,

    /// <summary>Two disks may be absent.</summary>
    Raidz2,

    /// <summary>Three disks may be absent.</summary>
    Raidz3,

    /// <summary>The sum of mirrors of two disks each.</summary>
    Raid10,
}
