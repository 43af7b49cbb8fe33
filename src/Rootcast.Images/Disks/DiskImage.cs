using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;
using Rootcast.Linux.Libraries;

namespace Rootcast.Images.Disks;

/// <summary>The artefact of form <c>disk</c>: a file system as one zstd stream.</summary>
public static class DiskImage
{
    private const int CopyBytes = 1 << 20;

    /// <summary>Expands an artefact into a new sparse file.</summary>
    /// <param name="artefact">The artefact in the store.</param>
    /// <param name="path">The file; nothing is there yet.</param>
    /// <param name="cancellation">Stops; the file stays, incomplete.</param>
    public static void Expand(string artefact, string path, CancellationToken cancellation = default)
    {
        using SafeFileHandle file = FileNodes.Open(path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, 0x1A4);
        SparseWriter writer = new(file, path, 0, isEmpty: true);
        long length = Read(artefact, writer.Write, cancellation);
        writer.Finish();
        FileData.SetLength(file, length, path);
    }

    /// <summary>Reads the file system out of an artefact, in pieces of whole blocks.</summary>
    /// <returns>How many bytes there were.</returns>
    /// <exception cref="InvalidDataException">The artefact is damaged.</exception>
    internal static long Read(string artefact, Action<ReadOnlySpan<byte>> piece, CancellationToken cancellation)
    {
        using FileStream file = new(artefact, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using ZstdDecompressStream content = new(file, leaveOpen: true);
        byte[] buffer = new byte[CopyBytes];
        long length = 0;
        while (content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) is var got and > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            piece(buffer.AsSpan(0, got));
            length += got;
        }
        return length;
    }
}
