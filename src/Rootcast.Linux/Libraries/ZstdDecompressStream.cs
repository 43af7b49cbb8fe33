namespace Rootcast.Linux.Libraries;

/// <summary>Decompresses a zstd stream (RFC 8878) while it is read: any number of frames, one after another. Throws
/// <see cref="InvalidDataException"/> with the offset in the compressed bytes when they are damaged or end within a frame.</summary>
public sealed unsafe class ZstdDecompressStream : Stream
{
    private const int ZSTD_d_windowLogMax = 100;
    private readonly Stream source;
    private readonly bool leaveOpen;
    private readonly byte[] input;
    private nint context;
    private int filled;
    private int taken;
    private long consumed;
    private bool insideFrame;

    /// <summary>Opens a decompressor.</summary>
    /// <param name="source">The compressed bytes.</param>
    /// <param name="largestWindowLog">Frames that would need more memory than 2 to this power are refused: 27 is 128 MiB, what <c>zstd
    /// -19 --long=27</c> makes at most.</param>
    /// <param name="leaveOpen">Whether the source outlives this stream.</param>
    /// <param name="bufferBytes">Size of the one buffer, for compressed bytes.</param>
    public ZstdDecompressStream(Stream source, int largestWindowLog = 27, bool leaveOpen = false, int bufferBytes = 1 << 17)
    {
        LibraryNames.Use();
        this.source = source;
        this.leaveOpen = leaveOpen;
        input = new byte[bufferBytes];
        context = ZstdLibrary.ZSTD_createDStream();
        if (context == 0)
        {
            throw new InvalidOperationException("zstd: no memory for a decompressor");
        }
        _ = ZstdLibrary.ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, largestWindowLog);
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(context == 0, this);
        if (buffer.IsEmpty)
        {
            return 0;
        }
        while (true)
        {
            if (taken == filled)
            {
                filled = source.Read(input);
                taken = 0;
                if (filled == 0)
                {
                    return insideFrame ? Flush(buffer) : 0;
                }
            }
            if (Step(buffer) is var produced and > 0)
            {
                return produced;
            }
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (context != 0)
        {
            _ = ZstdLibrary.ZSTD_freeDStream(context);
            context = 0;
        }
        if (disposing && !leaveOpen)
        {
            source.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>The source is at its end: what the decoder still holds, or an error when the frame is not complete.</summary>
    private int Flush(Span<byte> buffer)
    {
        int produced = Step(buffer);
        return produced > 0 || !insideFrame
            ? produced
            : throw new InvalidDataException($"zstd: the data ends at byte {consumed}, within a frame");
    }

    private int Step(Span<byte> buffer)
    {
        fixed (byte* from = input)
        fixed (byte* to = buffer)
        {
            ZstdLibrary.InBuffer bytes = new()
            {
                src = from,
                size = (nuint)filled,
                pos = (nuint)taken,
            };
            ZstdLibrary.OutBuffer output = new() { dst = to, size = (nuint)buffer.Length };
            nuint hint = ZstdLibrary.ZSTD_decompressStream(context, &output, &bytes);
            consumed += (int)bytes.pos - taken;
            taken = (int)bytes.pos;
            if (ZstdLibrary.ZSTD_isError(hint) != 0)
            {
                throw new InvalidDataException($"zstd: {ZstdLibrary.Describe(hint)} near byte {consumed} of the compressed data");
            }
            // A hint of 0 says that a frame is complete and everything of it has been given out.
            insideFrame = hint != 0;
            return (int)output.pos;
        }
    }
}
