using Microsoft.Win32.SafeHandles;

namespace Rootcast.Linux.Files;

/// <summary>A stream over a descriptor with plain read(2) and write(2): no buffer, no position of its own, no async. Small enough for init, and
/// right for pipes, ports and sockets.</summary>
/// <param name="handle">The descriptor.</param>
/// <param name="target">What it is, for errors.</param>
/// <param name="leaveOpen">Whether it outlives the stream.</param>
public sealed class DescriptorStream(SafeFileHandle handle, string target, bool leaveOpen = false) : Stream
{
    /// <summary>The descriptor.</summary>
    public SafeFileHandle Handle => handle;

    /// <inheritdoc/>
    public override bool CanRead => true;

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

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => FileData.Read(handle, buffer, target);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => FileData.Write(handle, buffer, target);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen)
        {
            handle.Dispose();
        }
        base.Dispose(disposing);
    }
}
