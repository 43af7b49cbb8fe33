namespace Rootcast.Formats.Pe;

/// <summary>Field positions of a PE32+ image (Microsoft's PE Format; UEFI 2.10, 2.1.1). All numbers are little-endian.</summary>
internal static class PeLayout
{
    public const int DosHeaderBytes = 64;
    public const ushort DosMagic = 0x5A4D;
    public const int HeaderOffset = 0x3C;
    public const uint Magic = 0x0000_4550;

    // From the signature.
    public const int SectionCount = 6;
    public const int SymbolTable = 12;
    public const int SymbolCount = 16;
    public const int OptionalHeaderBytes = 20;
    public const int OptionalHeader = 24;

    // From the optional header.
    public const ushort OptionalMagic = 0x20B;
    public const int SectionAlignment = 32;
    public const int FileAlignment = 36;
    public const int ImageBytes = 56;
    public const int HeaderBytes = 60;
    public const int CheckSum = 64;
    public const int Certificates = 144;
    public const int LeastOptionalBytes = 152;

    // A section header.
    public const int NameBytes = 8;
    public const int VirtualBytes = 8;
    public const int VirtualAddress = 12;
    public const int RawBytes = 16;
    public const int RawOffset = 20;
    public const int Flags = 36;
    public const int SectionHeaderBytes = 40;
    public const uint InitializedReadable = 0x4000_0040;
}
