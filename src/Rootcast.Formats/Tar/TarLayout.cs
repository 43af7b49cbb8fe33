namespace Rootcast.Formats.Tar;

/// <summary>Where the fields of a tar header are: POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".</summary>
internal static class TarLayout
{
    public const int BlockSize = 512;

    public const int Name = 0;
    public const int NameLength = 100;
    public const int Mode = Name + NameLength;
    public const int ModeLength = 8;
    public const int Uid = Mode + ModeLength;
    public const int UidLength = 8;
    public const int Gid = Uid + UidLength;
    public const int GidLength = 8;
    public const int Size = Gid + GidLength;
    public const int SizeLength = 12;
    public const int Modified = Size + SizeLength;
    public const int ModifiedLength = 12;
    public const int Checksum = Modified + ModifiedLength;
    public const int ChecksumLength = 8;
    public const int Type = Checksum + ChecksumLength;
    public const int TypeLength = 1;
    public const int LinkName = Type + TypeLength;
    public const int LinkNameLength = 100;
    public const int Magic = LinkName + LinkNameLength;
    public const int MagicLength = 6;
    public const int Version = Magic + MagicLength;
    public const int VersionLength = 2;
    public const int UserName = Version + VersionLength;
    public const int UserNameLength = 32;
    public const int GroupName = UserName + UserNameLength;
    public const int GroupNameLength = 32;
    public const int DeviceMajor = GroupName + GroupNameLength;
    public const int DeviceMajorLength = 8;
    public const int DeviceMinor = DeviceMajor + DeviceMajorLength;
    public const int DeviceMinorLength = 8;
    public const int Prefix = DeviceMinor + DeviceMinorLength;
    public const int PrefixLength = 155;

    // Old GNU sparse files (type 'S'): four pairs of offset and length in the header, 21 in each block that follows.
    public const int SparseMap = 386;
    public const int SparseMapEntries = 4;
    public const int SparseNumberLength = 12;
    public const int SparseEntryLength = 2 * SparseNumberLength;
    public const int SparseContinues = SparseMap + SparseMapEntries * SparseEntryLength;
    public const int SparseRealSize = SparseContinues + 1;
    public const int SparseBlockEntries = 21;
    public const int SparseBlockContinues = SparseBlockEntries * SparseEntryLength;

    public const byte TypeFileOld = 0;
    public const byte TypeFile = (byte)'0';
    public const byte TypeHardLink = (byte)'1';
    public const byte TypeSymlink = (byte)'2';
    public const byte TypeCharacterDevice = (byte)'3';
    public const byte TypeBlockDevice = (byte)'4';
    public const byte TypeDirectory = (byte)'5';
    public const byte TypeFifo = (byte)'6';
    public const byte TypeContiguous = (byte)'7';
    public const byte TypePaxHeader = (byte)'x';
    public const byte TypePaxHeaderSolaris = (byte)'X';
    public const byte TypePaxGlobal = (byte)'g';
    public const byte TypeGnuLongName = (byte)'L';
    public const byte TypeGnuLongLink = (byte)'K';
    public const byte TypeGnuSparse = (byte)'S';
    public const byte TypeGnuVolume = (byte)'V';
    public const byte TypeGnuDumpDirectory = (byte)'D';

    /// <summary>Most bytes of a pax header; what GNU tar writes for real trees is below 1 KiB.</summary>
    public const int MaximumPax = 1024 * 1024;

    /// <summary>Most bytes of an attribute's value: the kernel's XATTR_SIZE_MAX.</summary>
    public const int MaximumAttribute = 64 * 1024;

    /// <summary>Most pieces of a sparse file.</summary>
    public const int MaximumRanges = 1_000_000;

    public static ReadOnlySpan<byte> UstarMagic => "ustar\0"u8;
}
