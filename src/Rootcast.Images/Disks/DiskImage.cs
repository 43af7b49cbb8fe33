using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;
using Rootcast.Linux.Libraries;

namespace Rootcast.Images.Disks;

/// <summary>The artefact of form <c>disk</c>, a file system as one zstd stream, and of pools: the same of their disks one after another.</summary>
public static class DiskImage
{
    private const int CopyBytes = 1 << 20;

    /// <summary>Expands an artefact into a new sparse file.</summary>
    /// <param name="artefact">The artefact in the store.</param>
    /// <param name="path">The file; nothing is there yet.</param>
    /// <param name="cancellation">Stops; the file stays, incomplete.</param>
    public static void Expand(string artefact, string path, CancellationToken cancellation = default) =>
        Expand(artefact, path, 0, long.MaxValue, cancellation);

    /// <summary>Expands one disk of an artefact into a new sparse file.</summary>
    /// <param name="artefact">The artefact in the store.</param>
    /// <param name="path">The file; nothing is there yet.</param>
    /// <param name="offset">Where in the stream the file begins.</param>
    /// <param name="most">Bytes of the stream that the file gets.</param>
    /// <param name="cancellation">Stops; the file stays, incomplete.</param>
    public static void Expand(string artefact, string path, long offset, long most, CancellationToken cancellation)
    {
        using SafeFileHandle file = FileNodes.Open(path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, 0x1A4);
        SparseWriter writer = new(file, path, 0, isEmpty: true);
        long length = Read(artefact, writer.Write, offset, most, cancellation);
        writer.Finish();
        FileData.SetLength(file, length, path);
    }

    /// <summary>Reads the file system out of an artefact, in pieces of whole blocks.</summary>
    /// <param name="artefact">The artefact.</param>
    /// <param name="piece">Gets each.</param>
    /// <param name="offset">What comes before this is passed over; whole blocks.</param>
    /// <param name="most">Ends after so many bytes; whole blocks.</param>
    /// <param name="cancellation">Stops between pieces.</param>
    /// <returns>How many bytes there were.</returns>
    /// <exception cref="InvalidDataException">The artefact is damaged.</exception>
    internal static long Read(string artefact, Action<ReadOnlySpan<byte>> piece, long offset, long most, CancellationToken cancellation)
    {
        using FileStream file = new(artefact, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using ZstdDecompressStream content = new(file, leaveOpen: true);
        byte[] buffer = new byte[CopyBytes];
        long length = 0;
        while (length < most)
        {
            cancellation.ThrowIfCancellationRequested();
            int wanted = (int)Math.Min(buffer.Length, offset > 0 ? offset : most - length);
            int got = content.ReadAtLeast(buffer.AsSpan(0, wanted), wanted, throwOnEndOfStream: false);
            if (got == 0)
            {
                break;
            }
            if (offset > 0)
            {
                offset -= got;
                continue;
            }
            piece(buffer.AsSpan(0, got));
            length += got;
        }
        return length;
    }
}
