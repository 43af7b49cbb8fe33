using System.Buffers.Binary;

namespace Rootcast.Images.Initramfs;

/// <summary>Finds the end of an xz stream among bytes that go on: its footer has twelve bytes at a multiple of four, with a checksum of its own
/// (the .xz file format 1.2, section 2.1.2).</summary>
internal sealed class XzStreamEnd
{
    private const int FooterBytes = 12;

    private readonly byte[] _window = new byte[FooterBytes];
    private long _position;

    /// <summary>Looks at the next bytes of the stream.</summary>
    /// <returns>How many of them belong to it when it ends in them, else -1.</returns>
    public int Find(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            _window.AsSpan(1).CopyTo(_window);
            _window[^1] = bytes[i];
            _position++;
            if (_position % 4 == 0 && _position > FooterBytes && IsFooter(_window))
            {
                return i + 1;
            }
        }
        return -1;
    }

    private static bool IsFooter(ReadOnlySpan<byte> window) =>
        window[10] == 'Y' && window[11] == 'Z' && BinaryPrimitives.ReadUInt32LittleEndian(window) == Crc32(window[4..10]);

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }
        return ~crc;
    }
}
