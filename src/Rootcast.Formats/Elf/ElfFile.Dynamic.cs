using System.Buffers.Binary;
using System.Text;

namespace Rootcast.Formats.Elf;

public sealed partial class ElfFile
{
    /// <summary>Real programs name some dozens; a file that names more than this is no program.</summary>
    private const int MostNeeded = 4096;

    /// <summary>PATH_MAX: no library is found by a longer name.</summary>
    private const int LongestName = 4096;

    private void ReadSegments()
    {
        int count = Half(_layout.SegmentCount);
        ulong table = Word(_file.Span, _layout.SegmentTable);
        if (count == 0 || table == 0)
        {
            return;
        }
        RequireEntryLength(_layout.SegmentEntryLength, _layout.SegmentLength, "segment");
        ReadOnlySpan<byte> headers = Part(table, (ulong)(count * _layout.SegmentLength), "program headers").Span;
        ReadOnlyMemory<byte>? dynamic = null;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = headers.Slice(i * _layout.SegmentLength, _layout.SegmentLength);
            switch (BinaryPrimitives.ReadUInt32LittleEndian(header))
            {
                case ElfLayout.SegmentInterpreter:
                    Interpreter = Encoding.UTF8.GetString(Text(SegmentBytes(header, "the interpreter").Span));
                    break;
                case ElfLayout.SegmentDynamic:
                    dynamic = SegmentBytes(header, "the dynamic segment");
                    break;
                default:
                    break;
            }
        }
        if (dynamic is { } table2)
        {
            ReadDynamic(table2.Span, headers);
        }
    }

    private void ReadDynamic(ReadOnlySpan<byte> dynamic, ReadOnlySpan<byte> headers)
    {
        List<ulong> needed = [];
        ulong? soName = null;
        ulong? runPath = null;
        ulong? rPath = null;
        ulong strings = 0;
        ulong stringBytes = 0;
        int entry = 2 * _layout.Word;
        for (int at = 0; at + entry <= dynamic.Length; at += entry)
        {
            ulong value = Word(dynamic, at + _layout.Word);
            long tag = (long)Word(dynamic, at);
            if (tag == ElfLayout.DynamicNull)
            {
                break;
            }
            switch (tag)
            {
                case ElfLayout.DynamicNeeded when needed.Count < MostNeeded:
                    needed.Add(value);
                    break;
                case ElfLayout.DynamicNeeded:
                    throw new InvalidDataException($"the dynamic segment names more than {MostNeeded} libraries");
                case ElfLayout.DynamicStringTable:
                    strings = value;
                    break;
                case ElfLayout.DynamicStringSize:
                    stringBytes = value;
                    break;
                case ElfLayout.DynamicSoName:
                    soName = value;
                    break;
                case ElfLayout.DynamicRPath:
                    rPath = value;
                    break;
                case ElfLayout.DynamicRunPath:
                    runPath = value;
                    break;
                default:
                    break;
            }
        }
        if (needed.Count == 0 && soName is null && runPath is null && rPath is null)
        {
            return;
        }
        ReadOnlyMemory<byte> texts = Part(FileOffset(strings, headers), stringBytes, "the dynamic string table");
        Needed = [.. needed.Select(At)];
        SoName = soName is { } name ? At(name) : null;
        RunPath = (runPath ?? rPath) is { } path ? At(path) : null;

        string At(ulong offset)
        {
            if (offset >= (ulong)texts.Length)
            {
                throw new InvalidDataException($"a name at {offset} lies outside of the dynamic string table's {texts.Length} bytes");
            }
            ReadOnlySpan<byte> text = Text(texts.Span[(int)offset..]);
            return text.Length <= LongestName
                ? Encoding.UTF8.GetString(text)
                : throw new InvalidDataException($"the name at {offset} of the dynamic string table has {text.Length} bytes");
        }
    }

    /// <summary>The dynamic segment speaks of addresses; the loaded segments say where in the file these are.</summary>
    private ulong FileOffset(ulong address, ReadOnlySpan<byte> headers)
    {
        for (int at = 0; at < headers.Length; at += _layout.SegmentLength)
        {
            ReadOnlySpan<byte> header = headers.Slice(at, _layout.SegmentLength);
            ulong start = Word(header, _layout.SegmentAddress);
            if (
                BinaryPrimitives.ReadUInt32LittleEndian(header) == ElfLayout.SegmentLoad
                && address >= start
                && address - start < Word(header, _layout.SegmentFileSize)
            )
            {
                return address - start + Word(header, _layout.SegmentOffset);
            }
        }
        throw new InvalidDataException($"the dynamic string table at address {address:x} is in no loaded segment");
    }

    private ReadOnlyMemory<byte> SegmentBytes(ReadOnlySpan<byte> header, string what) =>
        Part(Word(header, _layout.SegmentOffset), Word(header, _layout.SegmentFileSize), what);

    private void ReadDlopenNotes()
    {
        if (Section(".note.dlopen") is not { } notes)
        {
            return;
        }
        List<string> texts = [];
        ReadOnlySpan<byte> rest = notes.Span;
        // Each note: length of name, length of text, type, name, text; both padded to four bytes.
        while (rest.Length >= 12)
        {
            ulong owner = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            ulong text = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            ulong start = 12 + Padded(owner);
            ulong end = start + text;
            if (end > (ulong)rest.Length)
            {
                throw new InvalidDataException($"a note of {text} bytes does not fit into the {rest.Length} that .note.dlopen has left");
            }
            texts.Add(Encoding.UTF8.GetString(Text(rest[(int)start..(int)end])));
            rest = rest[(int)Math.Min(start + Padded(text), (ulong)rest.Length)..];
        }
        DlopenNotes = texts;
    }

    private static ulong Padded(ulong length) => (length + 3) & ~3UL;
}
