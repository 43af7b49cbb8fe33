namespace Rootcast.Formats;

/// <summary>The sum of gzip and Ethernet (polynomial 0xedb88320, bits reversed).</summary>
internal static class Crc32
{
    private static readonly uint[] Table = Fill();

    /// <summary>The sum of bytes that follow those of <paramref name="sum"/>; start with 0.</summary>
    public static uint Append(uint sum, ReadOnlySpan<byte> bytes)
    {
        uint state = ~sum;
        foreach (byte each in bytes)
        {
            state = Table[(byte)(state ^ each)] ^ (state >> 8);
        }
        return ~state;
    }

    private static uint[] Fill()
    {
        uint[] table = new uint[256];
        for (uint index = 0; index < table.Length; index++)
        {
            uint value = index;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xedb88320 ^ (value >> 1) : value >> 1;
            }
            table[index] = value;
        }
        return table;
    }
}
