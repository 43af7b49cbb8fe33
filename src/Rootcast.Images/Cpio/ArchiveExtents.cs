using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;
using Rootcast.Images.Initramfs;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Images.Cpio;

/// <summary>How much of an archive it shares with other files, by the file system's own map (FIEMAP), and which entries have no part in that.</summary>
/// <param name="TotalBytes">The archive's length.</param>
/// <param name="SharedBytes">Bytes in extents that other files have too.</param>
/// <param name="Extents">How many extents it has.</param>
/// <param name="Missed">Files with data of which nothing is shared, and why; empty when it is no initrd.</param>
public sealed record ArchiveExtents(long TotalBytes, long SharedBytes, int Extents, IReadOnlyList<MissedSharing> Missed)
{
    /// <summary>Bytes that only this file has.</summary>
    public long ExclusiveBytes => TotalBytes - SharedBytes;

    /// <summary>Looks at a file.</summary>
    /// <exception cref="UserError">It can't be opened, or its file system has no map of extents.</exception>
    public static ArchiveExtents Of(string path)
    {
        using SafeFileHandle file = FileNodes.TryOpen(null, Encoding.UTF8.GetBytes(path), OpenFlags.ReadOnly, 0, out int errno);
        if (errno != 0)
        {
            throw new UserError($"{path} cannot be read: {Errno.Describe(errno)}", "Name a file.", UserErrorKind.Input);
        }
        long total = FileNodes.Status(file).Size;
        IReadOnlyList<FileExtent> extents;
        try
        {
            extents = FileExtents.Of(file, path);
        }
        catch (LinuxException e) when (e.Number is Errno.NotSupported or Errno.NotTerminal)
        {
            throw new UserError(
                $"The file system of {path} has no map of extents: {e.Message}",
                "Keep it on XFS or Btrfs, where extents can be shared.",
                cause: e
            );
        }
        FileExtent[] sharing = [.. extents.Where(extent => extent.IsShared)];
        long shared = sharing.Sum(extent => Math.Max(0, Math.Min(extent.Offset + extent.Length, total) - extent.Offset));
        return new ArchiveExtents(total, shared, extents.Count, Miss(path, sharing, Math.Max(FileSystemUsage.Of(path).BlockBytes, 512)));
    }

    private static List<MissedSharing> Miss(string path, FileExtent[] sharing, long block)
    {
        List<MissedSharing> missed = [];
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            using MemberDecompressor decompressor = new();
            using InitrdReader reader = new(stream, decompressor.Open);
            while (reader.Next() is { } entry)
            {
                if (entry.Size == 0 || entry.Kind is not (NodeKind.File or NodeKind.HardLink))
                {
                    continue;
                }
                string? reason =
                    reader.Members[^1].Compression != InitrdCompression.None ? "it is in a compressed member"
                    : entry.Size < block ? $"small: less than a block of {block} bytes"
                    : reader.DataOffset % block != 0 ? $"unaligned: its data starts at byte {reader.DataOffset}"
                    : !Touches(sharing, reader.DataOffset) ? "its extent is not shared"
                    : null;
                if (reason is not null)
                {
                    missed.Add(new MissedSharing(entry.Path, entry.Size, reason));
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            // Any file has extents; only those of an archive have entries. What could be read counts.
            return missed;
        }
        return missed;
    }

    /// <summary>Whether a byte is in a shared extent.</summary>
    private static bool Touches(FileExtent[] sharing, long offset)
    {
        int low = 0;
        int high = sharing.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            FileExtent extent = sharing[middle];
            if (offset < extent.Offset)
            {
                high = middle - 1;
            }
            else if (offset >= extent.Offset + extent.Length)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }
        return false;
    }
}
