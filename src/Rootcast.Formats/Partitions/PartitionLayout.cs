namespace Rootcast.Formats.Partitions;

/// <summary>Field positions of an MBR and of a GPT, little-endian (UEFI specification 2.10, section 5).</summary>
internal static class PartitionLayout
{
    public const int MbrEntries = 446;
    public const int MbrEntryCount = 4;
    public const int MbrEntryLength = 16;
    public const int MbrStatus = 0;
    public const int MbrType = 4;
    public const int MbrFirstSector = 8;
    public const int MbrSectors = 12;
    public const int MbrSignature = 510;
    public const int MbrLength = 512;

    public const byte TypeExtended = 0x05;
    public const byte TypeExtendedLba = 0x0F;
    public const byte TypeExtendedLinux = 0x85;
    public const byte TypeProtective = 0xEE;

    public const int GptRevision = 8;
    public const int GptHeaderBytes = 12;
    public const int GptHeaderSum = 16;
    public const int GptEntriesSector = 72;
    public const int GptEntryCount = 80;
    public const int GptEntryBytes = 84;
    public const int GptEntriesSum = 88;
    public const int GptHeaderLeast = 92;

    public const int EntryType = 0;
    public const int EntryId = EntryType + 16;
    public const int EntryFirst = EntryId + 16;
    public const int EntryLast = EntryFirst + 8;
    public const int EntryAttributes = EntryLast + 8;
    public const int EntryName = EntryAttributes + 8;
    public const int EntryNameLength = 72;
    public const int EntryLength = EntryName + EntryNameLength;

    public static ReadOnlySpan<byte> GptMagic => "EFI PART"u8;
}
