using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;
using Rootcast.Linux;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Cpio;

/// <summary>Writes nodes with their data: shared, copied by the kernel, or read and written. Each file is opened once, and looked at again when its data
/// is in the archive.</summary>
/// <param name="writing">How.</param>
/// <param name="directory">Where names start; null for this process's own.</param>
/// <param name="output">The archive; null when it is a stream, which is given bytes only.</param>
/// <param name="writer">Writes the headers.</param>
/// <param name="sharing">Shares extents.</param>
internal sealed class CpioData(
    CpioWriting writing,
    SafeFileHandle? directory,
    ArchiveFile? output,
    CpioWriter writer,
    ExtentSharing sharing
)
{
    /// <summary>Data up to this goes through the writer's buffer with the headers around it, in one write.</summary>
    private const int ThroughBuffer = 1 << 16;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(ThroughBuffer);

    public void Write(CpioSource source, int alignment)
    {
        TreeEntry entry = source.Entry;
        int names = 1 + (source.Links?.Count ?? 0);
        if (source.Content is { } content)
        {
            writer.Write(entry, content.Span, alignment, names);
        }
        else if (entry.Kind == NodeKind.File && entry.Size > 0)
        {
            WriteFile(source, entry, alignment, names);
        }
        else
        {
            writer.Write(entry, names);
        }
        foreach (UnixPath link in source.Links ?? [])
        {
            writer.Write(entry with { Path = link, Kind = NodeKind.HardLink, Target = source.Path, Size = 0 });
        }
    }

    private void WriteFile(CpioSource source, TreeEntry entry, int alignment, int names)
    {
        using OpenedFile? opened = source.Opened;
        using SafeFileHandle file = Open(source, out int errno);
        if (errno != 0)
        {
            throw errno == Errno.NoEntry
                ? Changed(source, "it vanished")
                : new UserError(
                    $"{source.Path} cannot be read: {Errno.Describe(errno)}",
                    "Run this as somebody who may read it, or leave it out.",
                    UserErrorKind.Input
                );
        }
        long start = writer.Begin(entry, alignment, names);
        long done = 0;
        if (sharing.LengthToShare(source, start, alignment) is > 0 and long wanted)
        {
            writer.Flush();
            if (sharing.Share(file, source, wanted, start) is not { } reason)
            {
                writer.Advance(wanted);
                done = wanted;
            }
            else if (writing.Reflink == ReflinkMode.Always)
            {
                throw CannotShare(source, reason);
            }
        }
        if (done == 0 && writing.Reflink == ReflinkMode.Always && sharing.LastMissed(source) is { } why)
        {
            throw CannotShare(source, why);
        }
        Copy(file, source, done, entry.Size - done);
        writer.End();
        FileStatus now = FileNodes.Status(file);
        if (now.Size != source.Status.Size)
        {
            throw Changed(source, $"it had {source.Status.Size} bytes and then {now.Size}");
        }
        if (
            (now.Inode, now.Device) != (source.Status.Inode, source.Status.Device)
            || (now.ModifiedSeconds, now.ModifiedNanoseconds) != (source.Status.ModifiedSeconds, source.Status.ModifiedNanoseconds)
            || (now.ChangedSeconds, now.ChangedNanoseconds) != (source.Status.ChangedSeconds, source.Status.ChangedNanoseconds)
        )
        {
            throw Changed(source, "it was changed or replaced");
        }
    }

    private SafeFileHandle Open(CpioSource source, out int errno)
    {
        const OpenFlags flags = OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking | OpenFlags.NoTerminal;
        return source.Opened is { } opened
            ? opened.Handle(out errno)
            : FileNodes.TryOpen(directory, source.OpenPath.Span, flags, 0, out errno);
    }

    private void Copy(SafeFileHandle file, CpioSource source, long from, long length)
    {
        if (length == 0)
        {
            return;
        }
        string name = source.Path.ToString();
        if (length <= ThroughBuffer || output is null)
        {
            for (long done = 0; done < length; )
            {
                Span<byte> bytes = _buffer.AsSpan(0, (int)Math.Min(length - done, ThroughBuffer));
                if (writing.Mover.ReadAt(file, bytes, from + done, name) < bytes.Length)
                {
                    throw Changed(source, "it became shorter");
                }
                writer.WriteData(bytes);
                done += bytes.Length;
            }
            return;
        }
        writer.Flush();
        long copied =
            writing.Reflink == ReflinkMode.Never || source.IsSparse
                ? writing.Mover.CopyBytes(file, from, output.Handle, output.Position, length, name)
                : writing.Mover.CopyRange(file, from, output.Handle, output.Position, length, name);
        if (copied < length)
        {
            throw Changed(source, "it became shorter");
        }
        writer.Advance(length);
    }

    private static UserError Changed(CpioSource source, string how) =>
        new($"{source.Path} changed while it was read: {how}.", "Run this again when nobody writes there; there is no output.");

    private static UserError CannotShare(CpioSource source, string reason) =>
        new(
            $"{source.Path} cannot be shared with the archive: {reason}.",
            "With --reflink auto such files are copied and reported; XFS and Btrfs can share files of their own."
        );
}
