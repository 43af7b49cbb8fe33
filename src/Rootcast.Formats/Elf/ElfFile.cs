using System.Buffers.Binary;
using System.Text;

namespace Rootcast.Formats.Elf;

/// <summary>What an initramfs needs to know of an ELF file: its loader, the libraries it names, its sections. 32 and 64 bit, little-endian.</summary>
public sealed partial class ElfFile
{
    private readonly ReadOnlyMemory<byte> _file;
    private readonly ElfLayout _layout;

    private ElfFile(ReadOnlyMemory<byte> file, ElfLayout layout)
    {
        _file = file;
        _layout = layout;
    }

    /// <summary>Whether addresses have 64 bits.</summary>
    public bool Is64Bit => _layout.Word == 8;

    /// <summary>e_type: 1 relocatable (a kernel module), 2 executable, 3 shared object or position-independent executable.</summary>
    public int Type { get; private init; }

    /// <summary>e_machine: 62 is x86-64, 183 AArch64.</summary>
    public int Machine { get; private init; }

    /// <summary>The loader it asks for; null for libraries and static programs.</summary>
    public string? Interpreter { get; private set; }

    /// <summary>DT_NEEDED, in order.</summary>
    public IReadOnlyList<string> Needed { get; private set; } = [];

    /// <summary>DT_SONAME.</summary>
    public string? SoName { get; private set; }

    /// <summary>DT_RUNPATH or, where that is absent, DT_RPATH: directories between colons, with $ORIGIN and such as they stand.</summary>
    public string? RunPath { get; private set; }

    /// <summary>The JSON texts of <c>.note.dlopen</c>: libraries that the program loads by itself (systemd's ELF_DLOPEN_METADATA).</summary>
    public IReadOnlyList<string> DlopenNotes { get; private set; } = [];

    /// <summary>Whether the first four bytes are ELF's.</summary>
    public static bool IsElf(ReadOnlySpan<byte> start) => start.StartsWith("\u007fELF"u8);

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="InvalidDataException">It is no such ELF file, or a table in it points outside of it.</exception>
    public static ElfFile Read(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        if (bytes.Length < ElfLayout.IdentityLength || !IsElf(bytes))
        {
            throw new InvalidDataException("not an ELF file");
        }
        ElfLayout layout = new()
        {
            Word = bytes[ElfLayout.Class] switch
            {
                1 => 4,
                2 => 8,
                byte other => throw new InvalidDataException($"ELF class {other} at offset {ElfLayout.Class} is neither 32 nor 64 bit"),
            },
        };
        if (bytes[ElfLayout.Encoding] != 1)
        {
            throw new InvalidDataException("a big-endian ELF file: not for a machine that we know");
        }
        if (bytes.Length < layout.HeaderLength)
        {
            throw new InvalidDataException($"an ELF file of {bytes.Length} bytes is shorter than its header of {layout.HeaderLength}");
        }
        ElfFile elf = new(file, layout)
        {
            Type = BinaryPrimitives.ReadUInt16LittleEndian(bytes[ElfLayout.Type..]),
            Machine = BinaryPrimitives.ReadUInt16LittleEndian(bytes[ElfLayout.Machine..]),
        };
        elf.ReadSegments();
        elf.ReadDlopenNotes();
        return elf;
    }

    /// <summary>The bytes of a section; null when there is none of that name.</summary>
    public ReadOnlyMemory<byte>? Section(string name)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(name);
        ulong table = Word(_file.Span, _layout.SectionTable);
        int count = Half(_layout.SectionCount);
        int names = Half(_layout.SectionNames);
        if (table == 0 || count == 0)
        {
            return null;
        }
        RequireEntryLength(_layout.SectionEntryLength, _layout.SectionLength, "section");
        if (names >= count)
        {
            throw new InvalidDataException($"the section of names has number {names} of {count}");
        }
        ReadOnlySpan<byte> headers = Part(table, (ulong)(count * _layout.SectionLength), "section headers").Span;
        ReadOnlySpan<byte> texts = SectionBytes(headers[(names * _layout.SectionLength)..]).Span;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = headers[(i * _layout.SectionLength)..];
            uint at = BinaryPrimitives.ReadUInt32LittleEndian(header);
            if (at < texts.Length && Text(texts[(int)at..]).SequenceEqual(wanted))
            {
                return SectionBytes(header);
            }
        }
        return null;
    }

    private ReadOnlyMemory<byte> SectionBytes(ReadOnlySpan<byte> header) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == ElfLayout.SectionNoBits
            ? default
            : Part(Word(header, _layout.SectionOffset), Word(header, _layout.SectionSize), "a section");

    private ReadOnlyMemory<byte> Part(ulong offset, ulong length, string what) =>
        offset <= (ulong)_file.Length && length <= (ulong)_file.Length - offset
            ? _file.Slice((int)offset, (int)length)
            : throw new InvalidDataException($"{what} of {length} bytes at {offset} lies outside of the file's {_file.Length}");

    private int Half(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_file.Span[at..]);

    private ulong Word(ReadOnlySpan<byte> from, int at) =>
        _layout.Word == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(from[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(from[at..]);

    private void RequireEntryLength(int field, int length, string what)
    {
        if (Half(field) != length)
        {
            throw new InvalidDataException($"a {what} header has {Half(field)} bytes, not {length}, at offset {field}");
        }
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> from)
    {
        int end = from.IndexOf((byte)0);
        return end < 0 ? from : from[..end];
    }
}
