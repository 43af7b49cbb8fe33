namespace Rootcast.Formats.Cpio;

/// <summary>Where the fields of a "newc" header are: Linux, Documentation/driver-api/early-userspace/buffer-format.rst. All fields but the magic
/// are eight hexadecimal digits.</summary>
internal static class CpioLayout
{
    public const int MagicLength = 6;
    public const int FieldLength = 8;

    public const int Inode = MagicLength;
    public const int Mode = Inode + FieldLength;
    public const int Uid = Mode + FieldLength;
    public const int Gid = Uid + FieldLength;
    public const int LinkCount = Gid + FieldLength;
    public const int Modified = LinkCount + FieldLength;
    public const int FileSize = Modified + FieldLength;
    public const int DeviceMajor = FileSize + FieldLength;
    public const int DeviceMinor = DeviceMajor + FieldLength;
    public const int NodeMajor = DeviceMinor + FieldLength;
    public const int NodeMinor = NodeMajor + FieldLength;
    public const int NameSize = NodeMinor + FieldLength;
    public const int Check = NameSize + FieldLength;
    public const int HeaderLength = Check + FieldLength;

    /// <summary>Headers and data start at multiples of this, counted from the archive's beginning.</summary>
    public const int Alignment = 4;

    /// <summary>Most bytes of a name with its NULs that the kernel reads (PATH_MAX); it passes over an entry that has more.</summary>
    public const int MaximumName = 4096;

    /// <summary>Most bytes of a symbolic link's target that the kernel reads.</summary>
    public const int MaximumTarget = 4096;

    public const int TypeMask = 0xf000;
    public const int TypeSocket = 0xc000;
    public const int TypeSymlink = 0xa000;
    public const int TypeFile = 0x8000;
    public const int TypeBlockDevice = 0x6000;
    public const int TypeDirectory = 0x4000;
    public const int TypeCharacterDevice = 0x2000;
    public const int TypeFifo = 0x1000;
    public const int PermissionMask = 0xfff;

    public static ReadOnlySpan<byte> Magic => "070701"u8;

    public static ReadOnlySpan<byte> MagicWithCheck => "070702"u8;

    public static ReadOnlySpan<byte> OldMagic => "070707"u8;

    public static ReadOnlySpan<byte> Trailer => "TRAILER!!!"u8;

    public static long Aligned(long position) => (position + Alignment - 1) & -Alignment;
}
