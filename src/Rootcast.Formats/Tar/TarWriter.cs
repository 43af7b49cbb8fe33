using Rootcast.Formats.Tree;

namespace Rootcast.Formats.Tar;

/// <summary>Writes a tar archive: ustar headers, with a pax header before those entries that ustar can't hold (long names, large numbers, parts of
/// seconds, extended attributes, sparse files as GNU.sparse 1.0). The same entries give the same bytes; order is the caller's.</summary>
/// <remarks>Source: POSIX.1-2017 pax; GNU tar manual, appendix D. Read by GNU tar, bsdtar and sqfstar.</remarks>
/// <param name="archive">Not closed by the writer; need not be able to seek.</param>
public sealed partial class TarWriter(Stream archive)
{
    private readonly ByteSink sink = new(archive, 0);
    private long dataLeft;
    private long padding;
    private bool open;

    /// <summary>Bytes of the archive so far.</summary>
    public long Position => sink.Position;

    /// <summary>Writes an entry that has no data.</summary>
    public void Write(TreeEntry entry)
    {
        Begin(entry);
        End();
    }

    /// <summary>Writes an entry with its data: all of the file, or of a sparse one the bytes of its ranges one after another.</summary>
    public void Write(TreeEntry entry, ReadOnlySpan<byte> data)
    {
        Begin(entry);
        WriteData(data);
        End();
    }

    /// <summary>Writes an entry with its data out of the file itself; of a sparse one only the ranges are read.</summary>
    /// <param name="entry">What it is.</param>
    /// <param name="file">Stands at the file's beginning; must be able to seek when the entry is sparse.</param>
    /// <exception cref="EndOfStreamException">The file is shorter than the entry says.</exception>
    public void Write(TreeEntry entry, Stream file)
    {
        Begin(entry);
        if (entry.DataRanges is { } ranges)
        {
            foreach (DataRange range in ranges)
            {
                file.Seek(range.Offset, SeekOrigin.Begin);
                sink.Copy(file, range.Length);
            }
            dataLeft = 0;
        }
        else if (entry.Kind == NodeKind.File)
        {
            sink.Copy(file, entry.Size);
            dataLeft = 0;
        }
        End();
    }

    /// <summary>Writes an entry's headers. Data follows with <see cref="WriteData"/>, then <see cref="End"/>.</summary>
    /// <exception cref="InvalidDataException">The entry is something that no tar can hold.</exception>
    public void Begin(TreeEntry entry)
    {
        if (open)
        {
            throw new InvalidOperationException("the entry before has not been ended");
        }
        WriteHeaders(entry);
        open = true;
    }

    /// <summary>Adds data of the entry that was begun.</summary>
    /// <exception cref="ArgumentException">More than the entry's size, or its ranges, name.</exception>
    public void WriteData(ReadOnlySpan<byte> data)
    {
        if (data.Length > dataLeft)
        {
            throw new ArgumentException($"{data.Length} bytes of data where the entry has {dataLeft} left", nameof(data));
        }
        sink.Write(data);
        dataLeft -= data.Length;
    }

    /// <summary>Ends the entry that was begun.</summary>
    /// <exception cref="InvalidOperationException">Data is missing.</exception>
    public void End()
    {
        if (dataLeft > 0)
        {
            throw new InvalidOperationException($"{dataLeft} bytes of the entry's data are missing");
        }
        sink.WriteZeros(padding);
        padding = 0;
        open = false;
    }

    /// <summary>Writes the end mark and hands everything to the stream. Without it the archive is not complete.</summary>
    public void Finish()
    {
        sink.WriteZeros(2 * TarLayout.BlockSize);
        sink.Flush();
    }

    private static InvalidDataException CannotHold(TreeEntry entry, string reason) => new($"tar can't hold {entry.Path}: {reason}");
}
