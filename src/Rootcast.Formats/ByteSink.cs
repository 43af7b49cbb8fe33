namespace Rootcast.Formats;

/// <summary>Gathers the small pieces of an archive (headers, padding, little files) into large writes.</summary>
internal sealed class ByteSink(Stream stream, long position)
{
    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(128 * 1024);
    private int used;

    /// <summary>Offset in the archive where the next byte goes.</summary>
    public long Position { get; private set; } = position;

    /// <summary>Adds bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Position += bytes.Length;
        if (bytes.Length > buffer.Length - used)
        {
            Flush();
            if (bytes.Length >= buffer.Length)
            {
                stream.Write(bytes);
                return;
            }
        }
        bytes.CopyTo(buffer.AsSpan(used));
        used += bytes.Length;
    }

    /// <summary>Adds NULs.</summary>
    public void WriteZeros(long count)
    {
        Position += count;
        while (count > 0)
        {
            if (used == buffer.Length)
            {
                Flush();
            }
            int part = (int)Math.Min(count, buffer.Length - used);
            buffer.AsSpan(used, part).Clear();
            used += part;
            count -= part;
        }
    }

    /// <summary>Copies exactly <paramref name="count"/> bytes out of a stream.</summary>
    /// <exception cref="EndOfStreamException">The stream has fewer.</exception>
    public void Copy(Stream source, long count)
    {
        while (count > 0)
        {
            if (used == buffer.Length)
            {
                Flush();
            }
            int read = source.Read(buffer, used, (int)Math.Min(count, buffer.Length - used));
            if (read == 0)
            {
                throw new EndOfStreamException($"the data ends {count} bytes before the size that its entry names");
            }
            used += read;
            Position += read;
            count -= read;
        }
    }

    /// <summary>Someone else placed <paramref name="count"/> bytes at <see cref="Position"/>: goes on behind them.</summary>
    public void Advance(long count)
    {
        Flush();
        stream.Seek(count, SeekOrigin.Current);
        Position += count;
    }

    /// <summary>Writes what was gathered to the stream.</summary>
    public void Flush()
    {
        if (used > 0)
        {
            stream.Write(buffer, 0, used);
            used = 0;
        }
    }
}
