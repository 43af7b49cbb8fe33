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
internal sealed class CpioData(CpioRequest request, SafeFileHandle directory, ArchiveFile output, CpioWriter writer, ExtentSharing sharing)
{
    /// <summary>Data up to this goes through the writer's buffer with the headers around it, in one write.</summary>
    private const int ThroughBuffer = 1 << 16;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(ThroughBuffer);

    public void Write(CpioSource source, int alignment)
    {
        TreeEntry entry = CpioSources.Entry(source, request.ModifiedSeconds, request.LatestModifiedSeconds);
        int names = 1 + (source.Links?.Count ?? 0);
        if (entry.Kind == NodeKind.File && entry.Size > 0)
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
        const OpenFlags flags = OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking | OpenFlags.NoTerminal;
        using SafeFileHandle file = FileNodes.TryOpen(directory, source.OpenPath.Span, flags, 0, out int errno);
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
        if (sharing.LengthToShare(source, start) is > 0 and long wanted)
        {
            writer.Flush();
            if (sharing.Share(file, source, wanted, start) is not { } reason)
            {
                writer.Advance(wanted);
                done = wanted;
            }
            else if (request.Reflink == ReflinkMode.Always)
            {
                throw CannotShare(source, reason);
            }
        }
        if (done == 0 && request.Reflink == ReflinkMode.Always && sharing.LastMissed(source) is { } why)
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

    private void Copy(SafeFileHandle file, CpioSource source, long from, long length)
    {
        if (length == 0)
        {
            return;
        }
        string name = source.Path.ToString();
        if (length <= ThroughBuffer)
        {
            Span<byte> bytes = _buffer.AsSpan(0, (int)length);
            if (request.Mover.ReadAt(file, bytes, from, name) < length)
            {
                throw Changed(source, "it became shorter");
            }
            writer.WriteData(bytes);
            return;
        }
        writer.Flush();
        long copied =
            request.Reflink == ReflinkMode.Never || source.IsSparse
                ? request.Mover.CopyBytes(file, from, output.Handle, output.Position, length, name)
                : request.Mover.CopyRange(file, from, output.Handle, output.Position, length, name);
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
