namespace Rootcast.Protocols.Http;

/// <summary>Takes the content out of chunks (RFC 9112 section 7.1), in whatever pieces they come.</summary>
public sealed class HttpChunkReader
{
    private State state = State.Size;
    private long left;
    private int digits;
    private int lineBytes;
    private int trailerBytes;
    private bool lineHasText;

    private enum State
    {
        Size,
        Extension,
        Content,
        AfterContent,
        Trailer,
        End,
    }

    /// <summary>Whether the last chunk and its trailer have been read.</summary>
    public bool IsAtEnd => state == State.End;

    /// <summary>Takes bytes until the input is used up, the output is full, or the end is reached.</summary>
    /// <param name="input">What came from the connection.</param>
    /// <param name="output">Where the content goes; may be the same memory as the input, from its start.</param>
    /// <param name="consumed">Bytes of the input that are dealt with.</param>
    /// <returns>Bytes put into the output.</returns>
    /// <exception cref="InvalidDataException">These are no chunks.</exception>
    public int Read(ReadOnlySpan<byte> input, Span<byte> output, out int consumed)
    {
        consumed = 0;
        int written = 0;
        while (consumed < input.Length && state != State.End)
        {
            if (state != State.Content)
            {
                Step(input[consumed++]);
                continue;
            }
            int length = (int)Math.Min(Math.Min(left, input.Length - consumed), output.Length - written);
            if (length == 0)
            {
                break;
            }
            input.Slice(consumed, length).CopyTo(output[written..]);
            consumed += length;
            written += length;
            left -= length;
            if (left == 0)
            {
                Enter(State.AfterContent);
            }
        }
        return written;
    }

    private void Step(byte b)
    {
        if (++lineBytes > HttpLayout.LongestChunkLine)
        {
            throw Bad($"a line of more than {HttpLayout.LongestChunkLine} bytes");
        }
        switch (state)
        {
            case State.Size when Digit(b) is >= 0 and var digit:
                const int mostDigits = 15;
                if (++digits > mostDigits)
                {
                    throw Bad("a chunk of more than 2^60 bytes");
                }
                left = (left << 4) | (uint)digit;
                break;
            case State.Size when digits > 0 && b is (byte)';' or (byte)' ' or (byte)'\t' or (byte)'\r':
                state = State.Extension;
                break;
            case State.Size or State.Extension when digits > 0 && b == '\n':
                Enter(left == 0 ? State.Trailer : State.Content);
                break;
            case State.Extension:
                break;
            case State.AfterContent when b == '\r' && lineBytes == 1:
                break;
            case State.AfterContent when b == '\n':
                digits = 0;
                Enter(State.Size);
                break;
            case State.Trailer:
                TakeTrailer(b);
                break;
            default:
                throw Bad($"byte 0x{b:x2} where {(state == State.Size ? "its size" : "its end")} should be");
        }
    }

    private void TakeTrailer(byte b)
    {
        if (++trailerBytes > HttpLayout.LongestHead)
        {
            throw Bad($"a trailer of more than {HttpLayout.LongestHead} bytes");
        }
        if (b == '\n')
        {
            Enter(lineHasText ? State.Trailer : State.End);
            lineHasText = false;
        }
        else if (b != '\r')
        {
            lineHasText = true;
        }
    }

    private void Enter(State next)
    {
        state = next;
        lineBytes = 0;
    }

    private static int Digit(byte b) =>
        b switch
        {
            >= (byte)'0' and <= (byte)'9' => b - '0',
            >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
            _ => -1,
        };

    private static InvalidDataException Bad(string why) => new($"HTTP chunk: {why}");
}
