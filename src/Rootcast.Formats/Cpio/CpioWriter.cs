using Rootcast.Formats.Tree;

namespace Rootcast.Formats.Cpio;

/// <summary>Writes a "newc" archive (070701): inode numbers from 1 in the order of writing, so the same entries give the same bytes. Extended attributes
/// and parts of seconds have no place in it; holes of sparse files become zeros.</summary>
/// <remarks>An archive must start at a multiple of 4 in the initrd. Data can also be placed past this writer (a reflink): <see cref="Begin"/> says where it must
/// start, <see cref="Advance"/> goes on behind it.</remarks>
public sealed partial class CpioWriter
{
    private readonly ByteSink sink;
    private readonly Dictionary<UnixPath, CpioNode> nodes = [];
    private uint nextInode = 1;
    private long dataLeft;
    private bool open;

    /// <summary>Writes to where the stream stands.</summary>
    /// <param name="archive">Not closed by the writer. Need be able to seek only for <see cref="Advance"/>.</param>
    /// <param name="position">Where that is in the initrd: what data is aligned by.</param>
    /// <exception cref="ArgumentException">The position is no multiple of 4.</exception>
    public CpioWriter(Stream archive, long position = 0)
    {
        if (position < 0 || position % CpioLayout.Alignment != 0)
        {
            throw new ArgumentException(
                $"an archive can't start at {position}, which is no multiple of {CpioLayout.Alignment}",
                nameof(position)
            );
        }
        sink = new ByteSink(archive, position);
    }

    /// <summary>Offset in the initrd where the next byte goes.</summary>
    public long Position => sink.Position;

    /// <summary>How many extended attributes were left out so far, because the format has no place for them.</summary>
    public int AttributesLeftOut { get; private set; }

    /// <summary>Writes an entry that has no data.</summary>
    /// <param name="entry">What it is.</param>
    /// <param name="linkCount">How many names the file has in this archive, this one included. The others follow as
    /// <see cref="NodeKind.HardLink"/>.</param>
    public void Write(TreeEntry entry, int linkCount = 1)
    {
        Begin(entry, 0, linkCount);
        End();
    }

    /// <summary>Writes a file with its data.</summary>
    public void Write(TreeEntry entry, ReadOnlySpan<byte> data, int alignment = 0, int linkCount = 1)
    {
        Begin(entry, alignment, linkCount);
        WriteData(data);
        End();
    }

    /// <summary>Writes a file with its data: <see cref="TreeEntry.Size"/> bytes, holes included.</summary>
    /// <exception cref="EndOfStreamException">The stream has fewer.</exception>
    public void Write(TreeEntry entry, Stream data, int alignment = 0, int linkCount = 1)
    {
        Begin(entry, alignment, linkCount);
        sink.Copy(data, dataLeft);
        dataLeft = 0;
        End();
    }

    /// <summary>Writes header and name of an entry (and the target of a symbolic link).</summary>
    /// <param name="entry">What it is. A <see cref="NodeKind.HardLink"/> names a file that was written before.</param>
    /// <param name="alignment">Data starts at a multiple of this, if NULs behind the name reach so far: they count as a part of the name, which the kernel
    /// reads up to 4096 bytes. 0 for none, else a multiple of 4.</param>
    /// <param name="linkCount">How many names the file has in this archive, this one included.</param>
    /// <returns>Where in the initrd the data starts: look whether it came out aligned, or ask <see cref="CanAlign"/> before.</returns>
    /// <exception cref="InvalidDataException">The format can't hold the entry.</exception>
    public long Begin(TreeEntry entry, int alignment = 0, int linkCount = 1)
    {
        if (open)
        {
            throw new InvalidOperationException("the entry before has not been ended");
        }
        CheckAlignment(alignment);
        WriteHeader(entry, alignment, linkCount);
        open = true;
        return Position;
    }

    /// <summary>Whether the data of a file of this name, written next, can start at a multiple of <paramref name="alignment"/>.</summary>
    public bool CanAlign(UnixPath path, int alignment)
    {
        CheckAlignment(alignment);
        return PaddedNameSize(path, alignment) is { } size && (alignment == 0 || (DataStart(size) % alignment == 0));
    }

    /// <summary>Adds data of the entry that was begun.</summary>
    /// <exception cref="ArgumentException">More than its size.</exception>
    public void WriteData(ReadOnlySpan<byte> data)
    {
        if (data.Length > dataLeft)
        {
            throw new ArgumentException($"{data.Length} bytes of data where the entry has {dataLeft} left", nameof(data));
        }
        sink.Write(data);
        dataLeft -= data.Length;
    }

    /// <summary>Hands everything written so far to the stream, so that someone else can place data behind it.</summary>
    public void Flush() => sink.Flush();

    /// <summary>Goes on behind data of the entry that someone else placed at <see cref="Position"/>.</summary>
    /// <param name="count">How many bytes it has. The stream is moved by as much.</param>
    public void Advance(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, dataLeft);
        sink.Advance(count);
        dataLeft -= count;
    }

    /// <summary>Ends the entry that was begun.</summary>
    /// <exception cref="InvalidOperationException">Data is missing.</exception>
    public void End()
    {
        if (dataLeft > 0)
        {
            throw new InvalidOperationException($"{dataLeft} bytes of the entry's data are missing");
        }
        sink.WriteZeros(CpioLayout.Aligned(Position) - Position);
        open = false;
    }

    /// <summary>Writes the trailer and NULs up to a multiple of <paramref name="alignment"/>, where the next segment can start, and hands everything to the
    /// stream.</summary>
    public void Finish(int alignment = 512)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(alignment, CpioLayout.Alignment);
        CheckAlignment(alignment);
        WriteTrailer();
        long over = Position % alignment;
        sink.WriteZeros(over == 0 ? 0 : alignment - over);
        sink.Flush();
    }

    private static void CheckAlignment(int alignment)
    {
        if (alignment < 0 || alignment % CpioLayout.Alignment != 0)
        {
            throw new ArgumentException(
                $"data can't be aligned to {alignment}, which is no multiple of {CpioLayout.Alignment}",
                nameof(alignment)
            );
        }
    }
}
