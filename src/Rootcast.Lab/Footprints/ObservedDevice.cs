namespace Rootcast.Lab.Footprints;

/// <summary>A block device.</summary>
/// <param name="Name">As in /sys/class/block: <c>loop0</c>, <c>vda1</c>, <c>dm-0</c>.</param>
/// <param name="Number">Its number, as <c>makedev</c> joins major and minor.</param>
/// <param name="Holders">Names of devices that stand on it.</param>
/// <param name="CachedBytes">Bytes of the device itself in the page cache; null when it could not be asked.</param>
public sealed record ObservedDevice(string Name, ulong Number, IReadOnlyList<string> Holders, long? CachedBytes)
{
    /// <summary>Of a loop device: its file.</summary>
    public BackingFile? Backing { get; init; }

    /// <summary>Whether it is the exception store of a snapshot.</summary>
    public bool IsExceptionStore { get; init; }

    /// <summary>Of a zram device: bytes that its compressed pages take, and bytes that were stored.</summary>
    public (long Taken, long Stored)? Compressed { get; init; }
}
