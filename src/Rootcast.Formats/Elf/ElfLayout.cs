namespace Rootcast.Formats.Elf;

/// <summary>Field positions of ELF files of one class (System V gABI, chapters 4 and 5; elf(5)). All numbers are little-endian here.</summary>
internal readonly record struct ElfLayout
{
    public const int Magic = 0;
    public const int Class = 4;
    public const int Encoding = 5;
    public const int IdentityLength = 16;
    public const int Type = IdentityLength;
    public const int Machine = Type + 2;

    public const uint SegmentDynamic = 2;
    public const uint SegmentInterpreter = 3;
    public const uint SegmentLoad = 1;
    public const uint SectionNoBits = 8;

    public const int SectionFlags = 8;

    public const long DynamicNull = 0;
    public const long DynamicNeeded = 1;
    public const long DynamicStringTable = 5;
    public const long DynamicStringSize = 10;
    public const long DynamicSoName = 14;
    public const long DynamicRPath = 15;
    public const long DynamicRunPath = 29;

    /// <summary>Length of an address or offset: 4 or 8.</summary>
    public required int Word { get; init; }

    public int SegmentTable => Machine + 2 + 4 + Word;

    public int SectionTable => SegmentTable + Word;

    public int SegmentEntryLength => SectionTable + Word + 4 + 2;

    public int SegmentCount => SegmentEntryLength + 2;

    public int SectionEntryLength => SegmentCount + 2;

    public int SectionCount => SectionEntryLength + 2;

    public int SectionNames => SectionCount + 2;

    public int HeaderLength => SectionNames + 2;

    public int SegmentLength => Word == 8 ? 56 : 32;

    public int SegmentOffset => Word == 8 ? 8 : 4;

    public int SegmentAddress => SegmentOffset + Word;

    public int SegmentFileSize => SegmentAddress + Word + Word;

    public int SectionLength => Word == 8 ? 64 : 40;

    public int SectionAddress => SectionFlags + Word;

    public int SectionOffset => SectionAddress + Word;

    public int SectionSize => SectionOffset + Word;
}
