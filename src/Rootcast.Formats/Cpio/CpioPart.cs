namespace Rootcast.Formats.Cpio;

/// <summary>What <see cref="CpioOrder"/> needs to know of an entry.</summary>
/// <param name="NameBytes">Bytes of its name, without a NUL; 1 for the root, which is written as <c>.</c>.</param>
/// <param name="Size">Bytes of its data, or of a symbolic link's target.</param>
/// <param name="IsFile">Whether it is a regular file, whose data can be aligned.</param>
/// <param name="FollowerBytes">Bytes of the entries that must stand right behind it: further names of the same file.</param>
public readonly record struct CpioPart(int NameBytes, long Size, bool IsFile, long FollowerBytes = 0)
{
    /// <summary>Bytes that it takes in an archive with its followers, when its name is not padded.</summary>
    public long Length => LengthOf(NameBytes, Size) + FollowerBytes;

    /// <summary>Bytes of one entry: header, name and NUL up to a multiple of 4, data up to a multiple of 4.</summary>
    public static long LengthOf(int nameBytes, long size) =>
        CpioLayout.Aligned(CpioLayout.HeaderLength + nameBytes + 1) + CpioLayout.Aligned(size);
}
