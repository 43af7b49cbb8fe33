namespace Rootcast.Formats;

/// <summary>A window that moves forward over a stream: readers look at spans of it, so nothing is copied between the stream's own read and
/// the one who uses the bytes.</summary>
internal sealed class ByteSource(Stream stream, int capacity)
{
    private byte[] buffer = GC.AllocateUninitializedArray<byte>(capacity);
    private int start;
    private int end;

    /// <summary>Offset in the stream of the first byte not yet consumed, counted from where the stream stood at first.</summary>
    public long Position { get; private set; }

    /// <summary>What is in the window now; maybe nothing.</summary>
    public ReadOnlySpan<byte> Buffered => buffer.AsSpan(start, end - start);

    /// <summary>Reads until <paramref name="count"/> bytes are in the window; false when the stream ends before.</summary>
    public bool Ensure(int count)
    {
        while (end - start < count)
        {
            if (start + count > buffer.Length)
            {
                byte[] target = count > buffer.Length ? GC.AllocateUninitializedArray<byte>(count) : buffer;
                Buffer.BlockCopy(buffer, start, target, 0, end - start);
                buffer = target;
                end -= start;
                start = 0;
            }
            if (!Fill())
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Moves past bytes that are in the window.</summary>
    public void Consume(int count)
    {
        start += count;
        Position += count;
        if (start == end)
        {
            start = 0;
            end = 0;
        }
    }

    /// <summary>Hands out and consumes at most <paramref name="most"/> bytes; reads only when the window is empty. Empty at the end of the
    /// stream. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Take(long most)
    {
        if (start == end && !Fill())
        {
            return default;
        }
        int count = (int)Math.Min(most, end - start);
        ReadOnlySpan<byte> taken = buffer.AsSpan(start, count);
        // Not Consume: the bytes must stay where they are although the window may now be empty.
        start += count;
        Position += count;
        return taken;
    }

    /// <summary>Moves past bytes, by seeking where the stream can; returns how many there were, less than asked at the end of the stream.</summary>
    public long Skip(long count)
    {
        long left = count;
        int buffered = (int)Math.Min(left, end - start);
        Consume(buffered);
        left -= buffered;
        if (left > buffer.Length && stream.CanSeek)
        {
            long seek = Math.Max(0, Math.Min(left, stream.Length - stream.Position));
            stream.Seek(seek, SeekOrigin.Current);
            Position += seek;
            return count - left + seek;
        }
        while (left > 0)
        {
            ReadOnlySpan<byte> taken = Take(left);
            if (taken.IsEmpty)
            {
                break;
            }
            left -= taken.Length;
        }
        return count - left;
    }

    private bool Fill()
    {
        if (start == end)
        {
            start = 0;
            end = 0;
        }
        int read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        return read > 0;
    }
}
