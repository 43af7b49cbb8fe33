namespace Rootcast.Formats.Iso9660;

/// <summary>Field positions of ISO 9660 (ECMA-119), of its system use entries (SUSP, Rock Ridge: IEEE P1281, P1282) and of El Torito. Numbers that stand
/// there in both byte orders are read in the little-endian one.</summary>
internal static class IsoLayout
{
    public const int Sector = 2048;
    public const int FirstDescriptor = 16;

    public const int DescriptorType = 0;
    public const int DescriptorId = 1;
    public const byte TypeBoot = 0;
    public const byte TypePrimary = 1;
    public const byte TypeEnd = 255;

    public const int BootSystem = 7;
    public const int BootCatalog = 71;

    public const int VolumeLabel = 40;
    public const int VolumeLabelLength = 32;
    public const int VolumeBlocks = 80;
    public const int VolumeBlockSize = 128;
    public const int VolumeRoot = 156;

    public const int RecordLength = 0;
    public const int RecordExtent = 2;
    public const int RecordBytes = 10;
    public const int RecordTime = 18;
    public const int RecordFlags = 25;
    public const int RecordNameLength = 32;
    public const int RecordName = 33;
    public const int FlagDirectory = 2;
    public const int FlagContinues = 0x80;

    public const int UseLength = 2;
    public const int UseData = 4;
    public const int UseLeast = 4;

    public const int CatalogEntry = 32;
    public const byte CatalogValidation = 1;
    public const byte CatalogBootable = 0x88;
    public const byte CatalogHeader = 0x90;
    public const byte CatalogLastHeader = 0x91;
    public const int CatalogPlatform = 1;
    public const int CatalogSectionEntries = 2;
    public const int CatalogMedia = 1;
    public const int CatalogSectors = 6;
    public const int CatalogStart = 8;
    public const int CatalogSum = 30;

    public static ReadOnlySpan<byte> StandardId => "CD001"u8;

    public static ReadOnlySpan<byte> ElTorito => "EL TORITO SPECIFICATION"u8;
}
