using System.Buffers.Binary;
using System.Text;
using Rootcast.Formats.Elf;

namespace Rootcast.Tests;

public class ElfFileTests
{
    [Fact]
    public void ThisTestProgramNamesItsLoaderAndLibraries()
    {
        ElfFile elf = ElfFile.Read(File.ReadAllBytes("/proc/self/exe"));
        Assert.True(elf.Is64Bit);
        Assert.Equal(62, elf.Machine);
        Assert.Equal("/lib64/ld-linux-x86-64.so.2", elf.Interpreter);
        Assert.Contains("libc.so.6", elf.Needed);
        Assert.NotNull(elf.Section(".text"));
        Assert.Null(elf.Section(".no-such-section"));
    }

    [Fact]
    public void ALibrarySaysItsName()
    {
        string library = File.ReadLines("/proc/self/maps").First(line => line.EndsWith("/libc.so.6", StringComparison.Ordinal));
        Assert.Equal("libc.so.6", ElfFile.Read(File.ReadAllBytes(library[library.IndexOf('/', StringComparison.Ordinal)..])).SoName);
    }

    [Fact]
    public void DlopenNotesAreRead()
    {
        string json = """[{"feature":"zstd","soname":["libzstd.so.1"]}]""";
        Assert.Equal(json, Assert.Single(ElfFile.Read(WithNote(json)).DlopenNotes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("#!/bin/sh")]
    [InlineData("\u007fELF\u0002\u0001")]
    public void OtherFilesAreRefused(string text) =>
        Assert.Throws<InvalidDataException>(() => ElfFile.Read(Encoding.Latin1.GetBytes(text)));

    [Fact]
    public void AnyBytesAreReadOrRefused()
    {
        byte[] sample = WithNote("""[{"soname":["a"]}]""");
        Fuzzing.Mutate(100_000, sample, bytes => ElfFile.Read(bytes).Section(".modinfo"));
    }

    /// <summary>A 64-bit library with a loader, a dynamic segment and a note, laid out by hand: small enough to be mutated many times.</summary>
    internal static byte[] WithNote(string json)
    {
        byte[] names = Encoding.ASCII.GetBytes("\0.note.dlopen\0.shstrtab\0");
        byte[] strings = Encoding.ASCII.GetBytes("\0libz.so.1\0me.so\0$ORIGIN/lib\0");
        byte[] interpreter = Encoding.ASCII.GetBytes("/lib/ld.so\0");
        byte[] note = new byte[12 + 4 + ((json.Length + 4) & ~3)];
        BinaryPrimitives.WriteUInt32LittleEndian(note, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(note.AsSpan(4), (uint)json.Length + 1);
        BinaryPrimitives.WriteUInt32LittleEndian(note.AsSpan(8), 0x407c0c0a);
        "FDO\0"u8.CopyTo(note.AsSpan(12));
        Encoding.UTF8.GetBytes(json).CopyTo(note.AsSpan(16));

        const int Segments = 3;
        const int Sections = 3;
        int segmentTable = 64;
        int dynamicAt = segmentTable + (Segments * 56);
        long[] dynamic = [1, 1, 14, 11, 29, 17, 5, 0, 10, strings.Length, 0, 0];
        int stringsAt = dynamicAt + (dynamic.Length * 8);
        int interpreterAt = stringsAt + strings.Length;
        int noteAt = interpreterAt + interpreter.Length;
        int namesAt = noteAt + note.Length;
        int sectionTable = namesAt + names.Length;
        byte[] file = new byte[sectionTable + (Sections * 64)];
        dynamic[7] = stringsAt;

        "\u007fELF"u8.CopyTo(file);
        file[4] = 2;
        file[5] = 1;
        Half(16, 3);
        Half(18, 62);
        Word(32, segmentTable);
        Word(40, sectionTable);
        Half(54, 56);
        Half(56, Segments);
        Half(58, 64);
        Half(60, Sections);
        Half(62, 2);
        Segment(0, 1, 0, file.Length);
        Segment(1, 2, dynamicAt, dynamic.Length * 8);
        Segment(2, 3, interpreterAt, interpreter.Length);
        for (int i = 0; i < dynamic.Length; i++)
        {
            Word(dynamicAt + (i * 8), dynamic[i]);
        }
        strings.CopyTo(file, stringsAt);
        interpreter.CopyTo(file, interpreterAt);
        note.CopyTo(file, noteAt);
        names.CopyTo(file, namesAt);
        Section(1, 1, noteAt, note.Length);
        Section(2, 14, namesAt, names.Length);
        return file;

        void Half(int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), (ushort)value);
        void Word(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(at), value);
        void Segment(int number, int type, int offset, int length)
        {
            int at = segmentTable + (number * 56);
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), type);
            Word(at + 8, offset);
            Word(at + 16, offset);
            Word(at + 32, length);
        }
        void Section(int number, int name, int offset, int length)
        {
            int at = sectionTable + (number * 64);
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), name);
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at + 4), 1);
            Word(at + 24, offset);
            Word(at + 32, length);
        }
    }

    [Fact]
    public void TheHandMadeLibraryIsUnderstood()
    {
        ElfFile elf = ElfFile.Read(WithNote("{}"));
        Assert.Equal(["libz.so.1"], elf.Needed);
        Assert.Equal("me.so", elf.SoName);
        Assert.Equal("$ORIGIN/lib", elf.RunPath);
        Assert.Equal("/lib/ld.so", elf.Interpreter);
    }
}
