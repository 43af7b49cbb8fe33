using System.Buffers.Binary;

namespace Rootcast.Images.Initrds;

/// <summary>Reads files of microcode updates as far as is needed to know whose they are and that they are whole.</summary>
/// <remarks>Sources: Intel 64 and IA-32 Architectures SDM volume 3A, "Microcode update resources", table "Microcode update field definitions"; for AMD the kernel's
/// arch/x86/kernel/cpu/microcode/amd.c.</remarks>
public static class MicrocodeContainer
{
    private const uint AmdMagic = 0x00414d44;
    private const uint AmdEquivalenceTable = 0;
    private const uint AmdPatch = 1;
    private const int AmdSectionHeader = 8;
    private const int IntelHeader = 48;
    private const uint IntelDefaultTotal = 2048;

    /// <summary>Whose updates these are. Every update in the file is walked over.</summary>
    /// <exception cref="InvalidDataException">It is neither's, or cut, with the offset.</exception>
    public static MicrocodeVendor Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == AmdMagic)
        {
            WalkAmd(bytes);
            return MicrocodeVendor.Amd;
        }
        WalkIntel(bytes);
        return MicrocodeVendor.Intel;
    }

    private static void WalkIntel(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        do
        {
            ReadOnlySpan<byte> rest = bytes[at..];
            if (rest.Length < IntelHeader)
            {
                throw new InvalidDataException($"at byte {at} there are {rest.Length} bytes, fewer than an update's header has");
            }
            uint headerVersion = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            uint loaderRevision = BinaryPrimitives.ReadUInt32LittleEndian(rest[20..]);
            if (headerVersion != 1 || loaderRevision != 1)
            {
                throw new InvalidDataException($"at byte {at} there is no update of Intel's or AMD's");
            }
            uint data = BinaryPrimitives.ReadUInt32LittleEndian(rest[28..]);
            uint total = data == 0 ? IntelDefaultTotal : BinaryPrimitives.ReadUInt32LittleEndian(rest[32..]);
            if (total < IntelHeader || total % 1024 != 0 || total > rest.Length || data > total - IntelHeader)
            {
                throw new InvalidDataException($"the update at byte {at} says that it has {total} bytes, and {rest.Length} are there");
            }
            at += (int)total;
        } while (at < bytes.Length);
    }

    /// <summary>A container is its magic, a table and patches; containers may follow each other.</summary>
    private static void WalkAmd(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length)
        {
            if (bytes.Length - at >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) == AmdMagic)
            {
                at += 4;
                at = Section(bytes, at, AmdEquivalenceTable);
                continue;
            }
            at = Section(bytes, at, AmdPatch);
        }
    }

    private static int Section(ReadOnlySpan<byte> bytes, int at, uint type)
    {
        ReadOnlySpan<byte> rest = bytes[at..];
        if (rest.Length < AmdSectionHeader || BinaryPrimitives.ReadUInt32LittleEndian(rest) != type)
        {
            throw new InvalidDataException($"at byte {at} a section of type {type} should begin");
        }
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
        if (length > rest.Length - AmdSectionHeader)
        {
            throw new InvalidDataException($"the section at byte {at} has {length} bytes, and {rest.Length - AmdSectionHeader} are there");
        }
        return at + AmdSectionHeader + (int)length;
    }
}
