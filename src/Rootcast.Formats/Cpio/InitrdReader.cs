using Rootcast.Formats.Tree;

namespace Rootcast.Formats.Cpio;

/// <summary>Reads a whole initrd as the kernel unpacks it: NULs, bare archives and compressed members in any order.</summary>
/// <remarks>Source: Linux, Documentation/driver-api/early-userspace/buffer-format.rst and init/initramfs.c.</remarks>
public sealed class InitrdReader : IDisposable
{
    private readonly ByteSource source;
    private readonly CpioReader bare;
    private readonly InitrdDecompressor? decompressor;
    private readonly int buffer;
    private readonly List<InitrdMember> members = [];
    private readonly List<ArchiveProblem> problems = [];
    private Stream? unpacked;
    private MemberStream? compressed;
    private CpioReader current;
    private int problemsTaken;
    private bool inBare;
    private bool ended;

    /// <summary>Reads from where the stream stands.</summary>
    /// <param name="initrd">Not closed by the reader; need not be able to seek.</param>
    /// <param name="decompressor">Opens members other than bare and gzip; without one they are reported and reading ends there.</param>
    /// <param name="buffer">Bytes to read at once, 16 KiB or more.</param>
    public InitrdReader(Stream initrd, InitrdDecompressor? decompressor = null, int buffer = 256 * 1024)
    {
        this.buffer = Math.Max(buffer, 16 * 1024);
        source = new ByteSource(initrd, this.buffer);
        bare = new CpioReader(source, stopsAtOtherBytes: true);
        current = bare;
        this.decompressor = decompressor;
    }

    /// <summary>The members met so far; the last one is that of the current entry.</summary>
    public IReadOnlyList<InitrdMember> Members => members;

    /// <summary>What the kernel would pass over. Offsets inside compressed members are those of the unpacked bytes.</summary>
    public IReadOnlyList<ArchiveProblem> Problems => problems;

    /// <summary>Whether all was read and there was no archive, not even one of nothing but its trailer.</summary>
    public bool FoundNothing { get; private set; }

    /// <summary>Where the header of the current entry starts, in the initrd or in the unpacked bytes of a compressed member.</summary>
    public long EntryOffset => current.EntryOffset;

    /// <summary>Where the data of the current entry starts, likewise.</summary>
    public long DataOffset => current.DataOffset;

    /// <summary>The next entry, or null at the end of the initrd (or where a member can't be opened: its <see cref="InitrdMember.Opened"/> is false).
    /// The same names may come again in a later archive: the later one wins.</summary>
    /// <exception cref="InvalidDataException">The kernel would stop here.</exception>
    /// <exception cref="EndOfStreamException">The initrd is cut.</exception>
    public TreeEntry? Next()
    {
        while (!ended)
        {
            TreeEntry? entry = current.Next();
            TakeProblems();
            if (entry is not null)
            {
                if (current == bare && !inBare)
                {
                    inBare = true;
                    members.Add(new InitrdMember(bare.EntryOffset, InitrdCompression.None, Opened: true));
                }
                return entry;
            }
            if (current == bare)
            {
                OpenMember();
            }
            else
            {
                CloseMember();
            }
        }
        return null;
    }

    /// <summary>The next piece of the current entry's data, valid until the next call; false when there is no more.</summary>
    /// <exception cref="InvalidDataException">All was read, and the sum in a 070702 header is another.</exception>
    /// <exception cref="EndOfStreamException">The initrd is cut.</exception>
    public bool ReadData(out ReadOnlySpan<byte> bytes) => current.ReadData(out bytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        unpacked?.Dispose();
        compressed?.Dispose();
    }

    private void OpenMember()
    {
        if (!source.Ensure(1))
        {
            ended = true;
            if (members.Count == 0 && bare.ArchivesEnded == 0)
            {
                FoundNothing = true;
                problems.Add(new ArchiveProblem(source.Position, "there is no archive"));
            }
            return;
        }
        source.Ensure(InitrdMagic.Length);
        long offset = source.Position;
        InitrdCompression compression = InitrdMagic.Detect(source.Buffered) switch
        {
            null => throw new InvalidDataException(
                $"initrd: neither cpio nor a compressed member that the kernel knows starts at byte {offset}"
            ),
            InitrdCompression.None => throw new InvalidDataException(
                $"initrd: an archive starts at byte {offset}, which is no multiple of 4"
            ),
            InitrdCompression known => known,
        };
        inBare = false;
        if (compression == InitrdCompression.Gzip)
        {
            unpacked = new GzipMemberStream(source);
        }
        else
        {
            compressed = compression switch
            {
                InitrdCompression.Zstd => new ZstdFrameStream(source),
                InitrdCompression.Lz4Legacy => new Lz4LegacyStream(source),
                InitrdCompression.Lzo => new LzopStream(source),
                InitrdCompression.Bzip2 or InitrdCompression.Lzma => new BitPackedStream(source),
                _ => new RestStream(source),
            };
            unpacked = decompressor?.Invoke(compression, compressed);
        }
        members.Add(new InitrdMember(offset, compression, unpacked is not null));
        if (unpacked is null)
        {
            problems.Add(
                new ArchiveProblem(offset, $"the {compression} member and what follows it were not read: nothing here can decompress it")
            );
            ended = true;
            return;
        }
        current = new CpioReader(new ByteSource(unpacked, buffer), stopsAtOtherBytes: false);
        problemsTaken = 0;
    }

    private void CloseMember()
    {
        unpacked?.Dispose();
        compressed?.PassMember();
        if (source.Position == members[^1].Offset)
        {
            throw new InvalidDataException($"initrd: the decompressor used nothing of the member at byte {source.Position}");
        }
        compressed?.Dispose();
        unpacked = null;
        compressed = null;
        current = bare;
        problemsTaken = bare.Problems.Count;
    }

    private void TakeProblems()
    {
        for (; problemsTaken < current.Problems.Count; problemsTaken++)
        {
            problems.Add(current.Problems[problemsTaken]);
        }
    }
}
