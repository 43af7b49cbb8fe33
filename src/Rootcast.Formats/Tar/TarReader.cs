using Rootcast.Formats.Tree;

namespace Rootcast.Formats.Tar;

/// <summary>Reads a tar archive from beginning to end: ustar, pax, GNU and old archives. The stream is read in large pieces and data is handed out as
/// spans of them, so a file's bytes are copied by nobody here.</summary>
/// <remarks>Sources: POSIX.1-2017 pax; GNU tar manual, appendix D (sparse formats); libarchive tar(5). All damage is reported as
/// <see cref="InvalidDataException"/> or <see cref="EndOfStreamException"/> with the offset in the archive.</remarks>
public sealed partial class TarReader
{
    /// <summary>Bytes read at once when nothing else is said.</summary>
    public const int DefaultBuffer = 256 * 1024;

    private readonly ByteSource source;
    private long headerOffset;
    private long dataLeft;
    private long padding;
    private DataRange[]? ranges;
    private int nextRange;
    private long rangeOffset;
    private long rangeLeft;
    private bool ended;

    /// <summary>Reads from where the stream stands.</summary>
    /// <param name="archive">Not closed by the reader; need not be able to seek.</param>
    /// <param name="buffer">Bytes to read at once, 4 KiB or more.</param>
    public TarReader(Stream archive, int buffer = DefaultBuffer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer, 4096);
        source = new ByteSource(archive, buffer);
    }

    /// <summary>Bytes of the archive that were used so far.</summary>
    public long Position => source.Position;

    /// <summary>Where the header of the current entry starts in the archive.</summary>
    public long EntryOffset => headerOffset;

    /// <summary>Whether the archive ended with its mark of zeros rather than with the end of the stream; true only after <see cref="Next"/> gave
    /// null. An archive without it may have been cut between two entries.</summary>
    public bool EndMarkSeen { get; private set; }

    /// <summary>The next entry, or null at the end of the archive. Data of the entry before that was not read is passed over.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged or holds what no tree has.</exception>
    /// <exception cref="EndOfStreamException">The archive is cut.</exception>
    public TreeEntry? Next()
    {
        if (ended)
        {
            return null;
        }
        PassData();
        return ReadEntry();
    }

    /// <summary>The next piece of the current entry's data. Holes of a sparse file are left out.</summary>
    /// <param name="offset">Where the piece belongs in the file.</param>
    /// <param name="bytes">Valid until the next call of this reader.</param>
    /// <returns>False when there is no more.</returns>
    /// <exception cref="EndOfStreamException">The archive is cut.</exception>
    public bool ReadData(out long offset, out ReadOnlySpan<byte> bytes)
    {
        if (rangeLeft == 0 && !NextRange())
        {
            offset = 0;
            bytes = default;
            return false;
        }
        bytes = source.Take(rangeLeft);
        if (bytes.IsEmpty)
        {
            throw Cut("the data of an entry");
        }
        offset = rangeOffset;
        rangeOffset += bytes.Length;
        rangeLeft -= bytes.Length;
        dataLeft -= bytes.Length;
        return true;
    }

    /// <summary>Reads what follows the archive (padding of tape records) up to the end of the stream, so that a pipe's writer can finish and a
    /// digest covers everything; returns how many bytes it was. Call it after <see cref="Next"/> gave null.</summary>
    public long ReadToEnd() => source.Skip(long.MaxValue / 2);

    private bool NextRange()
    {
        if (ranges is null || nextRange == ranges.Length)
        {
            return false;
        }
        DataRange range = ranges[nextRange++];
        rangeOffset = range.Offset;
        rangeLeft = range.Length;
        return true;
    }

    private void PassData()
    {
        long pass = dataLeft + padding;
        dataLeft = 0;
        padding = 0;
        rangeLeft = 0;
        ranges = null;
        if (pass > 0 && source.Skip(pass) != pass)
        {
            throw Cut("the data of an entry");
        }
    }

    private void ExpectData(long stored)
    {
        dataLeft = stored;
        padding = -stored & (TarLayout.BlockSize - 1);
    }

    private EndOfStreamException Cut(string where) =>
        new($"tar: the archive ends inside {where} (at byte {source.Position}, entry at byte {headerOffset})");

    private InvalidDataException Invalid(string reason) => new($"tar: {reason} (entry at byte {headerOffset})");
}
