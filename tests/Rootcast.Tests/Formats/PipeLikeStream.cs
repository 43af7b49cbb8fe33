namespace Rootcast.Tests;

/// <summary>Bytes as a pipe gives them: no seeking, and seldom as many as asked for.</summary>
internal sealed class PipeLikeStream(byte[] bytes) : Stream
{
    private int position;
    private int turn;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        turn = (turn * 31 + 7) % 1009;
        int read = Math.Min(Math.Min(count, 1 + turn * 7), bytes.Length - position);
        Array.Copy(bytes, position, buffer, offset, read);
        position += read;
        return read;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
