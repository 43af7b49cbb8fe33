using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Images.Cpio;
using Rootcast.Images.Initramfs;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Images.Initrds;

/// <summary>Joins the segments of an initrd, as the kernel unpacks them: one behind the other, and what a later one has replaces what an earlier one had.
/// Blocks are shared with the files that they come from where the file system can, else copied.</summary>
public static class InitrdAssembler
{
    /// <summary>Each segment and the data of a payload start at a multiple of this, with NULs between: it serves every reader (4), every boot loader (512),
    /// pages, and file systems that share blocks.</summary>
    public const int Alignment = 4096;

    private const long CopyBytes = 64 << 20;

    /// <summary>Writes an initrd; a file that was there is replaced when the new one is complete.</summary>
    /// <param name="segments">The segments; they are put into the order of <see cref="SegmentKind"/>, those of one kind stay as they come.</param>
    /// <param name="outputPath">The initrd.</param>
    /// <param name="mover">Shares and copies; null for the kernel's calls.</param>
    /// <param name="cancellation">Stops between two parts; nothing is left then.</param>
    /// <exception cref="UserError">A file cannot be read or changes meanwhile, or the disk is full. There is no output then.</exception>
    public static InitrdBytes Assemble(
        IEnumerable<InitrdSegment> segments,
        string outputPath,
        DataMover? mover = null,
        CancellationToken cancellation = default
    )
    {
        mover ??= DataMover.Kernel;
        using ArchiveFile output = new(outputPath, mover);
        long block = FileSystemUsage.Of(output.Directory).BlockBytes;
        List<SegmentBytes> written = [];
        try
        {
            foreach (InitrdSegment segment in segments.OrderBy(segment => segment.Kind))
            {
                cancellation.ThrowIfCancellationRequested();
                long start = output.Position;
                output.Write(new byte[(Alignment - (start % Alignment)) % Alignment]);
                output.Write(segment.Head.Span);
                (long Bytes, string? Reason) shared = segment.File is { } file
                    ? Append(file, output, block, mover, cancellation)
                    : (0, null);
                output.Write(segment.Tail.Span);
                written.Add(new SegmentBytes(segment.Kind, segment.File, output.Position - start, shared.Bytes, shared.Reason));
            }
            output.Commit();
            return new InitrdBytes(written);
        }
        catch (LinuxException e) when (e.Number is Errno.NoSpace or Errno.QuotaExceeded)
        {
            throw output.NoRoom(e);
        }
    }

    /// <summary>Throws when a file is nothing that the kernel would unpack.</summary>
    /// <exception cref="UserError">With the reason.</exception>
    public static void CheckBeginning(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            using MemberDecompressor decompressor = new();
            using InitrdReader reader = new(file, decompressor.Open);
            if (reader.Next() is null && reader.Members.Count == 0)
            {
                throw new InvalidDataException("there is no archive in it");
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{path} is no initrd: {e.Message}", "Name cpio archives or initrds.", UserErrorKind.Input, e);
        }
    }

    /// <summary>Puts a file's bytes where the output stands.</summary>
    /// <returns>How many are shared; and when none are, why.</returns>
    private static (long Shared, string? Reason) Append(
        string path,
        ArchiveFile output,
        long block,
        DataMover mover,
        CancellationToken cancellation
    )
    {
        using SafeFileHandle file = FileNodes.Open(path, OpenFlags.ReadOnly);
        FileStatus before = FileNodes.Status(file);
        bool isSparse = before.AllocatedBytes < before.Size;
        long whole = before.Size / block * block;
        string? reason =
            isSparse ? "it has holes, which boot loaders stumble over"
            : whole == 0 ? "it is smaller than a block"
            : ExtentSharing.Refusal(mover.Clone(file, 0, whole, output.Handle, output.Position, path), file);
        long done = reason is null ? whole : 0;
        long shared = done;
        while (done < before.Size)
        {
            // In parts, so that it can be cancelled.
            cancellation.ThrowIfCancellationRequested();
            long part = Math.Min(before.Size - done, CopyBytes);
            long copied = isSparse
                ? mover.CopyBytes(file, done, output.Handle, output.Position + done, part, path)
                : mover.CopyRange(file, done, output.Handle, output.Position + done, part, path);
            if (copied < part)
            {
                throw Changed(path);
            }
            done += copied;
        }
        FileStatus after = FileNodes.Status(file);
        if (
            after.Size != before.Size
            || (after.ChangedSeconds, after.ChangedNanoseconds) != (before.ChangedSeconds, before.ChangedNanoseconds)
        )
        {
            throw Changed(path);
        }
        output.Position += done;
        return (shared, reason);
    }

    private static UserError Changed(string path) =>
        new($"{path} changed while it was read.", "Run this again when nobody writes there; there is no output.");
}
