using System.Runtime.ExceptionServices;
using Rootcast.Formats;

namespace Rootcast.Init.Forms;

/// <summary>Reads a stream in a thread of its own, a few pieces ahead: what fetches, digests and decompresses works while what unpacks
/// writes.</summary>
public sealed class StreamAhead : ForwardStream
{
    private const int Pieces = 4;
    private const int PieceBytes = 1 << 18;
    private readonly Stream source;
    private readonly Thread reader;
    private readonly Lock state = new();
    private readonly SemaphoreSlim empty = new(Pieces);
    private readonly SemaphoreSlim full = new(0);
    private readonly byte[][] pieces = new byte[Pieces][];
    private readonly int[] lengths = new int[Pieces];
    private Exception? failure;
    private volatile bool stopped;
    private int reading;
    private int position;
    private int left;
    private bool ended;

    /// <summary>Begins to read. The source stays the caller's and must not be touched before this is disposed.</summary>
    public StreamAhead(Stream source)
    {
        this.source = source;
        for (int i = 0; i < Pieces; i++)
        {
            pieces[i] = GC.AllocateUninitializedArray<byte>(PieceBytes);
        }
        reader = new Thread(ReadAll, 256 * 1024) { IsBackground = true };
        reader.Start();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (left == 0)
        {
            if (ended || !NextPiece())
            {
                return 0;
            }
        }
        int count = Math.Min(buffer.Length, left);
        pieces[reading].AsSpan(position, count).CopyTo(buffer);
        position += count;
        left -= count;
        if (left == 0)
        {
            reading = (reading + 1) % Pieces;
            empty.Release();
        }
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stopped = true;
            empty.Release();
            reader.Join();
            empty.Dispose();
            full.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>Waits for the next piece; false at the end. What the reader failed with comes out here.</summary>
    private bool NextPiece()
    {
        full.Wait();
        lock (state)
        {
            left = lengths[reading];
        }
        position = 0;
        if (left > 0)
        {
            return true;
        }
        ended = true;
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
        return false;
    }

    private void ReadAll()
    {
        int writing = 0;
        int filled;
        do
        {
            empty.Wait();
            if (stopped)
            {
                return;
            }
            try
            {
                filled = Fill(pieces[writing]);
            }
            catch (Exception error)
            {
                failure = error;
                filled = 0;
            }
            lock (state)
            {
                lengths[writing] = filled;
            }
            full.Release();
            writing = (writing + 1) % Pieces;
        } while (filled > 0);
    }

    private int Fill(byte[] piece)
    {
        int filled = 0;
        while (filled < piece.Length && source.Read(piece.AsSpan(filled)) is var got and > 0)
        {
            filled += got;
        }
        return filled;
    }
}
