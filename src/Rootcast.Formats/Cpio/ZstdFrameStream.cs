namespace Rootcast.Formats.Cpio;

/// <summary>Exactly one zstd frame: its block headers say where it ends, so nothing behind it is touched (RFC 8878, section 3.1.1).</summary>
internal sealed class ZstdFrameStream(ByteSource source) : MemberStream(source)
{
    private const int BlockHeader = 3;
    private const int Checksum = 4;
    private bool started;
    private bool ended;
    private bool hasChecksum;

    protected override long NextPart()
    {
        if (ended)
        {
            return 0;
        }
        long part = started ? Block() : FrameHeader();
        started = true;
        return part;
    }

    private int FrameHeader()
    {
        // Magic (4) and descriptor (1), then what the descriptor says.
        if (!Source.Ensure(5))
        {
            return int.MaxValue;
        }
        byte descriptor = Source.Buffered[4];
        bool single = (descriptor & 0x20) != 0;
        hasChecksum = (descriptor & 4) != 0;
        int dictionary = (descriptor & 3) switch
        {
            3 => 4,
            int size => size,
        };
        int content = (descriptor >> 6) switch
        {
            0 => single ? 1 : 0,
            1 => 2,
            2 => 4,
            _ => 8,
        };
        return 5 + (single ? 0 : 1) + dictionary + content;
    }

    private int Block()
    {
        if (!Source.Ensure(BlockHeader))
        {
            // Cut: the decompressor sees the end of its input and says so.
            return int.MaxValue;
        }
        ReadOnlySpan<byte> bytes = Source.Buffered;
        int header = bytes[0] | bytes[1] << 8 | bytes[2] << 16;
        ended = (header & 1) != 0;
        // A run-length block has one byte whatever its size.
        int size = ((header >> 1) & 3) == 1 ? 1 : header >> 3;
        return BlockHeader + size + (ended && hasChecksum ? Checksum : 0);
    }
}
