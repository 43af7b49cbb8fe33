using System.Buffers.Binary;

namespace Rootcast.Formats.Cpio;

/// <summary>One file of lzop: a header, blocks with their lengths before them, and a length of 0 at the end. Layout: the fields that Linux reads in
/// lib/decompress_unlzo.c.</summary>
internal sealed class LzopStream(ByteSource source) : MemberStream(source)
{
    private const int MagicLength = 9;
    private const int Word = 4;

    /// <summary>From this version on a header says which version reads it, at which level it was made, and has 64 bits of time.</summary>
    private const int LongHeader = 0x0940;

    private const uint HasAdlerOfData = 1;
    private const uint HasAdlerOfPacked = 2;
    private const uint HasExtraField = 0x40;
    private const uint HasCrcOfData = 0x100;
    private const uint HasCrcOfPacked = 0x200;
    private const uint HasFilter = 0x800;

    private uint flags;
    private bool started;
    private bool extraLeft;
    private bool ended;

    protected override long NextPart()
    {
        if (ended)
        {
            return 0;
        }
        if (!started)
        {
            started = true;
            return Header();
        }
        if (extraLeft)
        {
            extraLeft = false;
            return Source.Ensure(Word) ? Word + (long)Number(0) + Word : int.MaxValue;
        }
        return Block();
    }

    private int Header()
    {
        if (!Source.Ensure(MagicLength + 2))
        {
            // Cut: the decompressor sees the end of its input and says so.
            return int.MaxValue;
        }
        bool isLong = BinaryPrimitives.ReadUInt16BigEndian(Source.Buffered[MagicLength..]) >= LongHeader;
        // Versions of program and library, the method; in a long header the version that is needed and the level, too.
        int at = MagicLength + 2 + 2 + 1 + (isLong ? 2 + 1 : 0);
        if (!Source.Ensure(at + Word))
        {
            return int.MaxValue;
        }
        flags = Number(at);
        extraLeft = (flags & HasExtraField) != 0;
        // Flags, filter, mode, time; then the length of a name, the name, and a sum.
        at += Word + Words(HasFilter) + Word + (isLong ? 2 : 1) * Word;
        return Source.Ensure(at + 1) ? at + 1 + Source.Buffered[at] + Word : int.MaxValue;
    }

    private long Block()
    {
        if (!Source.Ensure(Word))
        {
            return int.MaxValue;
        }
        uint size = Number(0);
        if (size == 0)
        {
            ended = true;
            return Word;
        }
        if (!Source.Ensure(2 * Word))
        {
            return int.MaxValue;
        }
        uint packed = Number(Word);
        // What does not become smaller is stored, and has no second sum.
        int sums = Words(HasAdlerOfData) + Words(HasCrcOfData) + (packed < size ? Words(HasAdlerOfPacked) + Words(HasCrcOfPacked) : 0);
        return 2 * Word + sums + (long)packed;
    }

    private int Words(uint flag) => (flags & flag) != 0 ? Word : 0;

    private uint Number(int at) => BinaryPrimitives.ReadUInt32BigEndian(Source.Buffered[at..]);
}
