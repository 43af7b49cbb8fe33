using Microsoft.Win32.SafeHandles;
using Rootcast.Formats;
using Rootcast.Linux;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Carriers;

/// <summary>Reads a file in memory from its start and gives the pages behind the reader back to the kernel, so that compressed and unpacked
/// bytes are never in memory whole at the same time.</summary>
/// <param name="file">On a tmpfs; on a file system that cannot punch holes (ramfs) the pages stay until the end.</param>
/// <param name="target">Its path, for errors.</param>
/// <param name="length">How long it is.</param>
public sealed class ConsumingStream(SafeFileHandle file, string target, long length) : ForwardStream
{
    /// <summary>A call for each page would cost more than the pages are worth.</summary>
    private const int Step = 1 << 20;
    private const int Page = 4096;
    private long position;
    private long released;
    private bool canPunch = true;

    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int got = FileData.ReadAt(file, buffer, position, target);
        position += got;
        if (position - released >= Step || position == length)
        {
            Release();
        }
        return got;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Release()
    {
        // The last page goes too: the hole may reach past the end.
        long end = position == length ? (position + Page - 1) / Page * Page : position / Step * Step;
        if (!canPunch || end <= released)
        {
            return;
        }
        try
        {
            FileData.PunchHole(file, released, end - released, target);
            released = end;
        }
        catch (LinuxException error) when (error.Number == Errno.NotSupported)
        {
            canPunch = false;
        }
    }
}
