namespace Rootcast.Linux.Block;

/// <summary>How a file is made a block device.</summary>
/// <param name="ReadOnly">Nothing can be written.</param>
/// <param name="DirectIo">Reads pass by the page cache of the file below, so nothing is cached twice. Not every file system can (tmpfs cannot
/// before 6.6); <see cref="LoopDevice.UsesDirectIo"/> tells.</param>
/// <param name="AutoClear">The device goes when its last user does: the mount.</param>
/// <param name="BlockSize">Bytes of a logical block: 512 to 4096; 0 leaves the kernel's choice.</param>
/// <param name="Offset">Where in the file the device begins.</param>
/// <param name="Length">Its length; 0 to the file's end.</param>
public sealed record LoopOptions(
    bool ReadOnly = true,
    bool DirectIo = false,
    bool AutoClear = true,
    int BlockSize = 0,
    long Offset = 0,
    long Length = 0
);
