using System.Buffers.Binary;

namespace Rootcast.Tests;

/// <summary>Files with the structure of microcode and nothing in them.</summary>
internal static class MicrocodeSamples
{
    /// <summary>An update of Intel's of so many KiB; 2 may leave its length out.</summary>
    public static byte[] Intel(byte fill, int kilobytes = 2, bool saysLength = true)
    {
        byte[] update = new byte[kilobytes << 10];
        update.AsSpan(48).Fill(fill);
        BinaryPrimitives.WriteUInt32LittleEndian(update, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(update.AsSpan(20), 1);
        if (saysLength)
        {
            BinaryPrimitives.WriteInt32LittleEndian(update.AsSpan(28), update.Length - 48);
            BinaryPrimitives.WriteInt32LittleEndian(update.AsSpan(32), update.Length);
        }
        return update;
    }

    /// <summary>A container of AMD's with a table and two patches.</summary>
    public static byte[] Amd(byte fill) => [.. "DMA\0"u8, .. Section(0, 16, fill), .. Section(1, 100, fill), .. Section(1, 8, fill)];

    private static byte[] Section(uint type, int length, byte fill)
    {
        byte[] section = new byte[8 + length];
        section.AsSpan(8).Fill(fill);
        BinaryPrimitives.WriteUInt32LittleEndian(section, type);
        BinaryPrimitives.WriteInt32LittleEndian(section.AsSpan(4), length);
        return section;
    }
}
