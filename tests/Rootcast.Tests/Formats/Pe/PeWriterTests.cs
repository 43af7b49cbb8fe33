using System.Buffers.Binary;
using System.Text;
using Rootcast.Formats.Pe;

namespace Rootcast.Tests;

public class PeWriterTests
{
    private const int Header = 0x80;
    private const int Table = Header + 24 + 240;

    [Fact]
    public void SectionsComeBehindThoseThatAreThere()
    {
        ExtendedPe extended = PeWriter.Extend(Sample(), [new PeSection(".linux", 5), new PeSection(".initrd", 0x1234)]);
        Assert.Equal([0x600, 0x800], extended.Offsets);
        Assert.Equal(0x800 + 0x1400, extended.Length);
        // What stood behind the last section is gone.
        Assert.Equal(0x600, extended.Start.Length);
        Assert.Equal(3, BinaryPrimitives.ReadUInt16LittleEndian(extended.Start.AsSpan(Header + 6)));
        Assert.Equal(".linux\0\0", Encoding.ASCII.GetString(extended.Start, Table + 40, 8));
        Assert.Equal((5u, 0x2000u, 0x200u, 0x600u), Section(extended.Start, 1));
        Assert.Equal((0x1234u, 0x3000u, 0x1400u, 0x800u), Section(extended.Start, 2));
        Assert.Equal(0x5000u, U32(extended.Start, Header + 24 + 56));
        Assert.Equal((byte)7, extended.Start[0x400]);
    }

    [Fact]
    public void SectionsMoveWhenTheHeadersNeedRoom()
    {
        PeSection[] sections = [.. Enumerable.Range(0, 20).Select(i => new PeSection($".s{i}", 1))];
        ExtendedPe extended = PeWriter.Extend(Sample(), sections);
        Assert.Equal(0x600u, U32(extended.Start, Header + 24 + 60));
        Assert.Equal((0x10u, 0x1000u, 0x200u, 0x600u), Section(extended.Start, 0));
        Assert.Equal((byte)7, extended.Start[0x600]);
        Assert.Equal(0x800, extended.Offsets[0]);
    }

    [Fact]
    public void WhatCannotBeExtendedIsRefusedWithItsPlace()
    {
        byte[] signed = Sample();
        BinaryPrimitives.WriteUInt32LittleEndian(signed.AsSpan(Header + 24 + 144), 0x600);
        Refused(signed, "signed already");
        Refused(Encoding.ASCII.GetBytes("MZ"), "(at byte 0)");
        byte[] other = Sample();
        other[Header] = 0;
        Refused(other, "no PE signature");
        Assert.Throws<InvalidDataException>(() => PeWriter.Extend(Sample(), [new PeSection(".linux", 5L << 30)]));
        Assert.Throws<InvalidDataException>(() => PeWriter.Extend(Sample(), [new PeSection(".toolongname", 1)]));

        static void Refused(byte[] image, string words) =>
            Assert.Contains(words, Assert.Throws<InvalidDataException>(() => PeWriter.Extend(image, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnyBytesAreExtendedOrRefused() =>
        Fuzzing.Mutate(50_000, Sample(), bytes => PeWriter.Extend(bytes, [new PeSection(".linux", 5), new PeSection(".initrd", 9)]));

    private static (uint Bytes, uint Address, uint Raw, uint Offset) Section(byte[] image, int number)
    {
        int at = Table + (number * 40);
        return (U32(image, at + 8), U32(image, at + 12), U32(image, at + 16), U32(image, at + 20));
    }

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    /// <summary>One section of 16 bytes at 0x400 of the file and 0x1000 of memory, and something behind it.</summary>
    private static byte[] Sample()
    {
        byte[] image = new byte[0x610];
        "MZ"u8.CopyTo(image);
        Put32(0x3C, Header);
        "PE\0\0"u8.CopyTo(image.AsSpan(Header));
        Put16(Header + 6, 1);
        Put16(Header + 20, 240);
        Put16(Header + 24, 0x20B);
        Put32(Header + 24 + 32, 0x1000);
        Put32(Header + 24 + 36, 0x200);
        Put32(Header + 24 + 56, 0x2000);
        Put32(Header + 24 + 60, 0x400);
        ".text"u8.CopyTo(image.AsSpan(Table));
        Put32(Table + 8, 0x10);
        Put32(Table + 12, 0x1000);
        Put32(Table + 16, 0x200);
        Put32(Table + 20, 0x400);
        image[0x400] = 7;
        image[0x608] = 9;
        return image;

        void Put16(int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(at), (ushort)value);
        void Put32(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(at), value);
    }
}
