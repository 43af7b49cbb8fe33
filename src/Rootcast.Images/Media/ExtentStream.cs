using Microsoft.Win32.SafeHandles;
using Rootcast.Formats;

namespace Rootcast.Images.Media;

/// <summary>The bytes of an extent, at any position.</summary>
internal sealed class ExtentStream(MediaExtent extent) : ForwardStream
{
    private readonly SafeFileHandle file = File.OpenHandle(extent.Path);
    private long position;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override long Length => extent.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => position;
        set => position = Math.Clamp(value, 0, extent.Length);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int most = (int)Math.Min(buffer.Length, extent.Length - position);
        int got = most > 0 ? RandomAccess.Read(file, buffer[..most], extent.Offset + position) : 0;
        position += got;
        return got;
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) =>
        Position =
            origin switch
            {
                SeekOrigin.Begin => 0,
                SeekOrigin.Current => position,
                _ => extent.Length,
            } + offset;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }
}
