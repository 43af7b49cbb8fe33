namespace Rootcast.Linux.Libraries;

/// <summary>Compresses what is written into one zstd frame. <see cref="Stream.Flush()"/> does nothing: the frame ends when the stream is
/// disposed, or earlier by <see cref="Finish"/>. The same bytes and settings give the same output.</summary>
public sealed unsafe class ZstdCompressStream : Stream
{
    private const int ZSTD_c_compressionLevel = 100;
    private const int ZSTD_c_checksumFlag = 201;
    private const int ZSTD_c_nbWorkers = 400;
    private const int ZSTD_c_windowLog = 101;
    private const int ZSTD_e_continue = 0;
    private const int ZSTD_e_end = 2;
    private readonly Stream sink;
    private readonly bool leaveOpen;
    private readonly byte[] output = new byte[1 << 17];
    private nint context;
    private bool finished;

    /// <summary>Opens a compressor.</summary>
    /// <param name="sink">Where the compressed bytes go.</param>
    /// <param name="level">1 to 19 (22 with much memory).</param>
    /// <param name="workers">Threads; 0 compresses in the caller's. One and more give the same bytes as each other, not as 0.</param>
    /// <param name="windowLog">Size of the window as a power of two: what the reader needs in memory; 0 leaves the level's own.</param>
    /// <param name="leaveOpen">Whether the sink outlives this stream.</param>
    public ZstdCompressStream(Stream sink, int level, int workers = 0, int windowLog = 0, bool leaveOpen = false)
    {
        LibraryNames.Use();
        this.sink = sink;
        this.leaveOpen = leaveOpen;
        context = ZstdLibrary.ZSTD_createCCtx();
        if (context == 0)
        {
            throw new InvalidOperationException("zstd: no memory for a compressor");
        }
        Set(ZSTD_c_compressionLevel, level);
        Set(ZSTD_c_checksumFlag, 1);
        if (windowLog > 0)
        {
            Set(ZSTD_c_windowLog, windowLog);
        }
        // A library built without threads refuses this; it then compresses in the caller's thread.
        _ = ZstdLibrary.ZSTD_CCtx_setParameter(context, ZSTD_c_nbWorkers, workers);
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Ends the frame and hands its last bytes to the sink.</summary>
    public void Finish()
    {
        if (!finished)
        {
            finished = true;
            Push([], ZSTD_e_end);
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(context == 0, this);
        if (finished)
        {
            throw new InvalidOperationException("zstd: the frame has ended");
        }
        Push(buffer, ZSTD_e_continue);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (context != 0)
        {
            try
            {
                if (disposing)
                {
                    Finish();
                }
            }
            finally
            {
                _ = ZstdLibrary.ZSTD_freeCCtx(context);
                context = 0;
                if (disposing && !leaveOpen)
                {
                    sink.Dispose();
                }
            }
        }
        base.Dispose(disposing);
    }

    private void Push(ReadOnlySpan<byte> buffer, int directive)
    {
        nuint position = 0;
        while (true)
        {
            nuint left;
            int produced;
            fixed (byte* from = buffer)
            fixed (byte* to = output)
            {
                ZstdLibrary.InBuffer bytes = new()
                {
                    src = from,
                    size = (nuint)buffer.Length,
                    pos = position,
                };
                ZstdLibrary.OutBuffer place = new() { dst = to, size = (nuint)output.Length };
                left = ZstdLibrary.ZSTD_compressStream2(context, &place, &bytes, directive);
                Check(left);
                position = bytes.pos;
                produced = (int)place.pos;
            }
            if (produced > 0)
            {
                sink.Write(output.AsSpan(0, produced));
            }
            if (directive == ZSTD_e_end ? left == 0 : position == (nuint)buffer.Length)
            {
                return;
            }
        }
    }

    private void Set(int parameter, int value) => Check(ZstdLibrary.ZSTD_CCtx_setParameter(context, parameter, value));

    private static void Check(nuint code)
    {
        if (ZstdLibrary.ZSTD_isError(code) != 0)
        {
            throw new InvalidOperationException($"zstd: {ZstdLibrary.Describe(code)}");
        }
    }
}
