using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Images.Initramfs;
using Rootcast.Linux;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Cpio;

/// <summary>Puts initrds one behind the other, as the kernel unpacks them: what a later one has replaces what an earlier one had.</summary>
public static class CpioJoining
{
    /// <summary>Each starts at a multiple of this, with NULs between: it serves every reader (4), every boot loader (512), and file systems that share extents.</summary>
    public const int Alignment = 4096;

    /// <summary>Joins them; shared where the file system can, else copied.</summary>
    /// <returns>Bytes of the output.</returns>
    /// <exception cref="UserError">One is no initrd or changes while it is read, or the disk is full. There is no output then.</exception>
    public static long Join(
        IReadOnlyList<string> paths,
        string outputPath,
        DataMover? mover = null,
        CancellationToken cancellation = default
    )
    {
        mover ??= DataMover.Kernel;
        using ArchiveFile output = new(outputPath, mover);
        try
        {
            foreach (string path in paths)
            {
                cancellation.ThrowIfCancellationRequested();
                CheckBeginning(path);
                int between = (int)((Alignment - output.Position % Alignment) % Alignment);
                output.Write(new byte[between], 0, between);
                Append(path, output, mover);
            }
            output.Commit();
            return output.Position;
        }
        catch (LinuxException e) when (e.Number is Errno.NoSpace or Errno.QuotaExceeded)
        {
            throw output.NoRoom(e);
        }
    }

    private static void Append(string path, ArchiveFile output, DataMover mover)
    {
        using SafeFileHandle file = FileNodes.Open(path, OpenFlags.ReadOnly);
        FileStatus before = FileNodes.Status(file);
        long copied =
            before.AllocatedBytes < before.Size
                ? mover.CopyBytes(file, 0, output.Handle, output.Position, before.Size, path)
                : mover.CopyRange(file, 0, output.Handle, output.Position, before.Size, path);
        FileStatus after = FileNodes.Status(file);
        if (
            copied < before.Size
            || after.Size != before.Size
            || (after.ChangedSeconds, after.ChangedNanoseconds) != (before.ChangedSeconds, before.ChangedNanoseconds)
        )
        {
            throw new UserError($"{path} changed while it was read.", "Run this again when nobody writes there; there is no output.");
        }
        output.Position += copied;
    }

    private static void CheckBeginning(string path)
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
}
