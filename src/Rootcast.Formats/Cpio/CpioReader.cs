using Rootcast.Formats.Tree;

namespace Rootcast.Formats.Cpio;

/// <summary>Reads uncompressed "newc" archives (070701, and 070702 with its sums checked), one after another with NULs between them, as the kernel
/// does. An <see cref="InitrdReader"/> does the same for a whole initrd with compressed members.</summary>
/// <remarks>Names of one file come as a <see cref="NodeKind.File"/> first and <see cref="NodeKind.HardLink"/> entries after it; its data may come with any of
/// them, so a hard link whose <see cref="TreeEntry.Size"/> is not 0 brings the data of its target. Source: Linux, init/initramfs.c and
/// buffer-format.rst.</remarks>
public sealed partial class CpioReader
{
    /// <summary>The reason of an <see cref="ArchiveProblem"/> that the kernel does not mind.</summary>
    public const string WithoutTrailer = "the archive ends without a trailer";

    private readonly ByteSource source;
    private readonly bool stopsAtOtherBytes;
    private readonly Dictionary<CpioLinkKey, UnixPath> links = [];
    private readonly List<ArchiveProblem> problems = [];
    private long headerOffset;
    private long dataLeft;
    private int padding;
    private bool checking;
    private uint expectedCheck;
    private uint check;
    private bool sawTrailer;
    private bool sawEntry;

    /// <summary>Reads from where the stream stands.</summary>
    /// <param name="archive">Not closed by the reader; need not be able to seek.</param>
    /// <param name="buffer">Bytes to read at once, 16 KiB or more.</param>
    public CpioReader(Stream archive, int buffer = 256 * 1024)
        : this(new ByteSource(archive, Math.Max(buffer, 16 * 1024)), stopsAtOtherBytes: false) { }

    internal CpioReader(ByteSource source, bool stopsAtOtherBytes)
    {
        this.source = source;
        this.stopsAtOtherBytes = stopsAtOtherBytes;
    }

    /// <summary>Bytes that were used so far.</summary>
    public long Position => source.Position;

    /// <summary>Where the header of the current entry starts.</summary>
    public long EntryOffset => headerOffset;

    /// <summary>Where the data of the current entry starts.</summary>
    public long DataOffset { get; private set; }

    /// <summary>How many archives were ended by a trailer so far.</summary>
    public int ArchivesEnded { get; private set; }

    /// <summary>What the kernel would pass over, in the order in which it was met.</summary>
    public IReadOnlyList<ArchiveProblem> Problems => problems;

    /// <summary>The next entry, or null at the end of the bytes. Data of the entry before that was not read is passed over.</summary>
    /// <exception cref="InvalidDataException">The kernel would stop here.</exception>
    /// <exception cref="EndOfStreamException">The archive is cut.</exception>
    public TreeEntry? Next()
    {
        PassData();
        while (FindHeader())
        {
            if (ReadEntry() is { } entry)
            {
                return entry;
            }
        }
        return null;
    }

    /// <summary>The next piece of the current entry's data.</summary>
    /// <param name="bytes">Valid until the next call of this reader.</param>
    /// <returns>False when there is no more.</returns>
    /// <exception cref="InvalidDataException">All was read, and the sum in a 070702 header is another.</exception>
    /// <exception cref="EndOfStreamException">The archive is cut.</exception>
    public bool ReadData(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (dataLeft == 0)
        {
            VerifyCheck();
            return false;
        }
        bytes = source.Take(dataLeft);
        if (bytes.IsEmpty)
        {
            throw Cut("the data of an entry");
        }
        dataLeft -= bytes.Length;
        if (checking)
        {
            foreach (byte each in bytes)
            {
                check += each;
            }
        }
        return true;
    }

    private void PassData()
    {
        while (checking && ReadData(out _)) { }
        long pass = dataLeft + padding;
        dataLeft = 0;
        padding = 0;
        if (source.Skip(pass) != pass)
        {
            throw Cut("the data of an entry");
        }
    }

    private void VerifyCheck()
    {
        if (checking && check != expectedCheck)
        {
            checking = false;
            throw Invalid($"the sum of the data is {check:x8}, the header says {expectedCheck:x8}");
        }
        checking = false;
    }

    /// <summary>Passes NULs and stands before a header; false at the end of the bytes, or of those that are cpio.</summary>
    private bool FindHeader()
    {
        while (true)
        {
            if (!source.Ensure(1))
            {
                NoteEnd();
                return false;
            }
            ReadOnlySpan<byte> window = source.Buffered;
            if (window[0] != 0)
            {
                break;
            }
            int nuls = window.IndexOfAnyExcept((byte)0);
            source.Consume(nuls < 0 ? window.Length : nuls);
        }
        headerOffset = source.Position;
        bool aligned = (headerOffset & (CpioLayout.Alignment - 1)) == 0;
        if (source.Buffered[0] == '0' && aligned)
        {
            return true;
        }
        if (stopsAtOtherBytes)
        {
            NoteEnd();
            return false;
        }
        throw Invalid(source.Buffered[0] == '0' ? "an archive does not start at a multiple of 4" : "here is neither a header nor NULs");
    }

    private void NoteEnd()
    {
        if (!sawEntry && ArchivesEnded == 0)
        {
            // In an initrd a compressed member may come first.
            if (!stopsAtOtherBytes)
            {
                Note(source.Position, "there is no archive");
            }
        }
        else if (!sawTrailer)
        {
            Note(source.Position, WithoutTrailer);
            sawTrailer = true;
        }
    }

    private void Note(long offset, string reason)
    {
        // What nobody will read to the end needs no memory.
        if (problems.Count < 1000)
        {
            problems.Add(new ArchiveProblem(offset, reason));
        }
    }

    private EndOfStreamException Cut(string where) =>
        new($"cpio: the archive ends inside {where} (at byte {source.Position}, entry at byte {headerOffset})");

    private InvalidDataException Invalid(string reason) => new($"cpio: {reason} (entry at byte {headerOffset})");
}
