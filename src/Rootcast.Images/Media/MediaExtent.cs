using Microsoft.Win32.SafeHandles;

namespace Rootcast.Images.Media;

/// <summary>A run of bytes in a file of this host: a whole medium, a partition of it, or a file in it that is stored in one piece.</summary>
/// <param name="Path">The file.</param>
/// <param name="Offset">Where it starts.</param>
/// <param name="Length">In bytes.</param>
internal sealed record MediaExtent(string Path, long Offset, long Length)
{
    /// <summary>All of a file.</summary>
    internal static MediaExtent OfFile(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        return new MediaExtent(path, 0, Linux.Block.BlockDevice.Length(file, path));
    }

    /// <summary>Whether nothing of the file is outside of it.</summary>
    internal bool IsWholeFile => Offset == 0 && new FileInfo(Path).Length == Length;

    /// <summary>A part of it, cut where it ends.</summary>
    internal MediaExtent Part(long offset, long length)
    {
        long start = Math.Clamp(offset, 0, Length);
        return this with { Offset = Offset + start, Length = Math.Clamp(length, 0, Length - start) };
    }

    /// <summary>Bytes from somewhere in it; fewer than asked where it ends.</summary>
    internal byte[] Read(long offset, int count)
    {
        MediaExtent part = Part(offset, count);
        byte[] bytes = new byte[part.Length];
        using SafeFileHandle file = File.OpenHandle(Path);
        int done = 0;
        while (done < bytes.Length)
        {
            int got = RandomAccess.Read(file, bytes.AsSpan(done), part.Offset + done);
            if (got == 0)
            {
                break;
            }
            done += got;
        }
        return bytes[..done];
    }

    /// <summary>A stream of it that can seek.</summary>
    internal Stream Open() => new ExtentStream(this);
}
