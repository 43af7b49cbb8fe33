using System.Buffers.Binary;
using System.Text;

namespace Rootcast.Formats.Pe;

/// <summary>Adds sections to a PE32+ image, as a unified kernel image is made of systemd's stub.</summary>
public static class PeWriter
{
    /// <summary>Adds sections behind those that are there.</summary>
    /// <param name="image">The whole image. What it has behind its last section (debug symbols) is left out.</param>
    /// <param name="sections">What is added, in the order of file and memory.</param>
    /// <exception cref="InvalidDataException">It is no PE32+ image, it is signed, or the result would be 4 GiB or more.</exception>
    public static ExtendedPe Extend(ReadOnlySpan<byte> image, IReadOnlyList<PeSection> sections)
    {
        int header = FindHeader(image);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(image[(header + PeLayout.SectionCount)..]);
        int optionalBytes = BinaryPrimitives.ReadUInt16LittleEndian(image[(header + PeLayout.OptionalHeaderBytes)..]);
        int optional = header + PeLayout.OptionalHeader;
        int table = optional + optionalBytes;
        int tableEnd = table + (count * PeLayout.SectionHeaderBytes);
        Require(
            optionalBytes >= PeLayout.LeastOptionalBytes && count > 0 && tableEnd <= image.Length,
            table,
            "its headers end within each other"
        );
        Require(U16(image, optional) == PeLayout.OptionalMagic, optional, "it is no 64-bit image");
        Require(U32(image, optional + PeLayout.Certificates) == 0, optional + PeLayout.Certificates, "it is signed already");
        uint alignment = U32(image, optional + PeLayout.SectionAlignment);
        uint fileAlignment = U32(image, optional + PeLayout.FileAlignment);
        Require(IsPower(alignment) && IsPower(fileAlignment), optional, "its alignments are no powers of two");

        (long virtualEnd, long rawStart, long rawEnd) = Measure(image, table, count, alignment);
        long newTableEnd = tableEnd + ((long)sections.Count * PeLayout.SectionHeaderBytes);
        long shift = newTableEnd <= rawStart ? 0 : RoundUp(newTableEnd - rawStart, fileAlignment);
        uint firstAddress = U32(image, table + PeLayout.VirtualAddress);
        Require(rawStart + shift <= firstAddress, table, "there is no room for more section headers");

        byte[] start = new byte[rawEnd + shift];
        image[..tableEnd].CopyTo(start);
        image[(int)rawStart..(int)rawEnd].CopyTo(start.AsSpan((int)(rawStart + shift)));
        for (int at = table; at < tableEnd; at += PeLayout.SectionHeaderBytes)
        {
            uint raw = U32(start, at + PeLayout.RawOffset);
            Put(start, at + PeLayout.RawOffset, raw == 0 ? 0 : raw + shift);
        }
        long fileEnd = start.Length;
        List<long> offsets = [];
        for (int i = 0; i < sections.Count; i++)
        {
            long offset = RoundUp(fileEnd, fileAlignment);
            long raw = RoundUp(sections[i].Length, fileAlignment);
            WriteHeader(start.AsSpan(tableEnd + (i * PeLayout.SectionHeaderBytes)), sections[i], virtualEnd, offset, raw);
            virtualEnd = RoundUp(virtualEnd + Math.Max(sections[i].Length, 1), alignment);
            fileEnd = offset + raw;
            offsets.Add(offset);
        }
        Require(virtualEnd <= uint.MaxValue && fileEnd <= uint.MaxValue, 0, $"with {fileEnd} bytes it is too large for this format");
        BinaryPrimitives.WriteUInt16LittleEndian(start.AsSpan(header + PeLayout.SectionCount), (ushort)(count + sections.Count));
        Put(start, header + PeLayout.SymbolTable, 0);
        Put(start, header + PeLayout.SymbolCount, 0);
        Put(start, optional + PeLayout.ImageBytes, virtualEnd);
        Put(start, optional + PeLayout.HeaderBytes, rawStart + shift);
        // Nobody checks it for EFI programs.
        Put(start, optional + PeLayout.CheckSum, 0);
        return new ExtendedPe(start, offsets, fileEnd);
    }

    private static int FindHeader(ReadOnlySpan<byte> image)
    {
        Require(image.Length >= PeLayout.DosHeaderBytes && U16(image, 0) == PeLayout.DosMagic, 0, "it does not begin with MZ");
        uint header = U32(image, PeLayout.HeaderOffset);
        Require(
            header <= image.Length - PeLayout.OptionalHeader - PeLayout.LeastOptionalBytes && header >= PeLayout.DosHeaderBytes,
            PeLayout.HeaderOffset,
            "its header lies outside"
        );
        Require(U32(image, (int)header) == PeLayout.Magic, (int)header, "it has no PE signature");
        return (int)header;
    }

    /// <summary>Where its sections end in memory, and where they begin and end in the file.</summary>
    private static (long VirtualEnd, long RawStart, long RawEnd) Measure(ReadOnlySpan<byte> image, int table, int count, uint alignment)
    {
        long virtualEnd = 0;
        long rawStart = long.MaxValue;
        long rawEnd = 0;
        int tableEnd = table + (count * PeLayout.SectionHeaderBytes);
        for (int at = table; at < tableEnd; at += PeLayout.SectionHeaderBytes)
        {
            long address = U32(image, at + PeLayout.VirtualAddress);
            long raw = U32(image, at + PeLayout.RawOffset);
            long rawBytes = U32(image, at + PeLayout.RawBytes);
            virtualEnd = Math.Max(virtualEnd, address + Math.Max(U32(image, at + PeLayout.VirtualBytes), rawBytes));
            if (rawBytes > 0)
            {
                Require(raw >= tableEnd && raw + rawBytes <= image.Length, at, "a section lies outside");
                rawStart = Math.Min(rawStart, raw);
                rawEnd = Math.Max(rawEnd, raw + rawBytes);
            }
        }
        Require(rawEnd > 0, table, "its sections are empty");
        return (RoundUp(virtualEnd, alignment), rawStart, rawEnd);
    }

    private static void WriteHeader(Span<byte> header, PeSection section, long address, long offset, long raw)
    {
        byte[] name = Encoding.ASCII.GetBytes(section.Name);
        Require(name.Length <= PeLayout.NameBytes, 0, $"the name {section.Name} is longer than {PeLayout.NameBytes} bytes");
        header = header[..PeLayout.SectionHeaderBytes];
        header.Clear();
        name.CopyTo(header);
        Put(header, PeLayout.VirtualBytes, section.Length);
        Put(header, PeLayout.VirtualAddress, address);
        Put(header, PeLayout.RawBytes, raw);
        Put(header, PeLayout.RawOffset, offset);
        Put(header, PeLayout.Flags, PeLayout.InitializedReadable);
    }

    private static void Require(bool condition, int offset, string reason)
    {
        if (!condition)
        {
            throw new InvalidDataException($"not a PE image that can be extended: {reason} (at byte {offset})");
        }
    }

    private static bool IsPower(uint value) => value is > 0 and <= 1 << 24 && (value & (value - 1)) == 0;

    private static long RoundUp(long value, long unit) => (value + unit - 1) / unit * unit;

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static void Put(Span<byte> bytes, int at, long value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], unchecked((uint)value));
}
