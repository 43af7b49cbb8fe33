using System.Buffers.Binary;

namespace Rootcast.Formats.Cpio;

/// <summary>One legacy lz4 frame: a magic and blocks, each with its length before it, without an end mark. It ends where no possible length follows
/// (lz4, doc/lz4_Frame_format.md, "Legacy frame").</summary>
internal sealed class Lz4LegacyStream(ByteSource source) : MemberStream(source)
{
    /// <summary>What 8 MiB of incompressible data become.</summary>
    private const uint LargestBlock = 8 * 1024 * 1024 + 8 * 1024 * 1024 / 255 + 16;

    private bool started;

    protected override long NextPart()
    {
        if (!started)
        {
            started = true;
            return 4;
        }
        if (!Source.Ensure(4))
        {
            return 0;
        }
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(Source.Buffered);
        return size is 0 or > LargestBlock ? 0 : 4 + size;
    }
}
