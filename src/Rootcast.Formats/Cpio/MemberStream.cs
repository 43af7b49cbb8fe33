namespace Rootcast.Formats.Cpio;

/// <summary>The compressed bytes of a member, taken out of the initrd's window. What was read last stays in the window until the next read, so that it
/// can be given back.</summary>
internal abstract class MemberStream(ByteSource source) : ForwardStream
{
    private long partLeft;
    private int pending;

    protected ByteSource Source => source;

    /// <summary>Bytes handed out by the last read that were not given back.</summary>
    public int Pending => pending;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        Commit();
        if (buffer.IsEmpty)
        {
            return 0;
        }
        if (partLeft == 0)
        {
            partLeft = NextPart();
        }
        if (partLeft == 0 || !source.Ensure(1))
        {
            return 0;
        }
        ReadOnlySpan<byte> bytes = source.Buffered;
        pending = (int)Math.Min(Math.Min(bytes.Length, buffer.Length), partLeft);
        bytes[..pending].CopyTo(buffer);
        partLeft -= pending;
        return pending;
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        if (origin != SeekOrigin.Current || offset > 0 || -offset > pending)
        {
            throw new NotSupportedException("only bytes of the last read can be given back");
        }
        pending += (int)offset;
        partLeft -= offset;
        return 0;
    }

    /// <summary>Moves the window past what was handed out, and to the member's end where that is known.</summary>
    public virtual void PassMember()
    {
        Span<byte> rest = stackalloc byte[4096];
        while (Read(rest) > 0) { }
    }

    /// <summary>Moves the window past what was handed out.</summary>
    protected void Commit()
    {
        source.Consume(pending);
        pending = 0;
    }

    /// <summary>How many of the bytes at the window's start belong to the member; 0 when it is at its end. Asked again when they are used up.</summary>
    protected abstract long NextPart();
}
