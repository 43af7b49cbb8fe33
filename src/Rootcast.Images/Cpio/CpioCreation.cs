using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Images.Cpio;

/// <summary>Makes uncompressed archives of files and of what is made here; they share data with the files where the file system can.</summary>
public static class CpioCreation
{
    /// <summary>Makes one of names. The same files and options give the same bytes, in whatever order the names come and on whatever file system.</summary>
    /// <exception cref="UserError">A file is not there, changes while it is read, or can't stand in an archive; extents can't be shared and must be;
    /// the disk is full. There is no output then.</exception>
    public static CpioResult Create(CpioRequest request, CancellationToken cancellation = default)
    {
        using SafeFileHandle directory = FileNodes.Open(request.Directory, OpenFlags.PathOnly | OpenFlags.Directory);
        return Write(() => CpioSources.Of(request, directory, cancellation), directory, request.Output, request, default, cancellation);
    }

    /// <summary>Makes one of entries; see <see cref="Create(CpioRequest, CancellationToken)"/>.</summary>
    /// <param name="sources">The entries.</param>
    /// <param name="path">The archive.</param>
    /// <param name="writing">How.</param>
    /// <param name="before">What stands before it: microcode. NULs follow up to the next multiple of 4096.</param>
    /// <param name="cancellation">Stops it; there is no output then.</param>
    internal static CpioResult Create(
        IEnumerable<CpioSource> sources,
        string path,
        CpioWriting writing,
        ReadOnlyMemory<byte> before = default,
        CancellationToken cancellation = default
    ) => Write(() => CpioSources.Of(sources), null, path, writing, before, cancellation);

    /// <summary>Writes one of entries to a stream, unaligned: what a compressor gets.</summary>
    internal static void Write(IEnumerable<CpioSource> sources, Stream output, CancellationToken cancellation)
    {
        CpioSources all = CpioSources.Of(sources);
        CpioWriting writing = new() { Alignment = 0, Reflink = ReflinkMode.Never };
        CpioWriter writer = new(output);
        CpioData data = new(writing, null, null, writer, new ExtentSharing(writing.Mover, null, 0, null));
        try
        {
            WriteAll(all, all.Order(0), 0, data, cancellation);
            writer.Finish();
        }
        catch (InvalidDataException e)
        {
            throw CannotHold(e);
        }
    }

    private static CpioResult Write(
        Func<CpioSources> find,
        SafeFileHandle? directory,
        string path,
        CpioWriting writing,
        ReadOnlyMemory<byte> before,
        CancellationToken cancellation
    )
    {
        using ArchiveFile output = new(path, writing.Mover, writing.IsPrivate);
        FileSystemUsage place = FileSystemUsage.Of(output.Directory);
        bool knownToShare = place.Magic is FileSystemUsage.MagicXfs or FileSystemUsage.MagicBtrfs;
        bool share = writing.Reflink != ReflinkMode.Never;
        int block = (int)Math.Max(place.BlockBytes, 512);
        int alignment = writing.Alignment ?? (writing.Reflink == ReflinkMode.Always || (share && knownToShare) ? block : 0);
        string? refusal =
            alignment > 0 ? null
            : writing.Alignment is null ? "the archive's file system is not known to share extents (XFS and Btrfs are)"
            : "alignment is off";
        CpioSources sources = find();
        try
        {
            output.Write(before.Span);
            const int segment = 4096;
            output.Write(new byte[(segment - (before.Length % segment)) % segment]);
            CpioOrder order = sources.Order(alignment, output.Position);
            CpioWriter writer = new(output, output.Position);
            ExtentSharing sharing = new(writing.Mover, output.Handle, share ? block : 0, refusal);
            WriteAll(sources, order, alignment, new CpioData(writing, directory, output, writer, sharing), cancellation);
            writer.Finish();
            cancellation.ThrowIfCancellationRequested();
            output.Commit();
            return new CpioResult(
                sources.Names,
                writer.Position,
                sharing.SharedBytes,
                order.PaddingBytes,
                alignment,
                sharing.SmallFiles,
                sharing.Missed
            );
        }
        catch (LinuxException e) when (e.Number is Errno.NoSpace or Errno.QuotaExceeded)
        {
            throw output.NoRoom(e);
        }
        catch (InvalidDataException e)
        {
            throw CannotHold(e);
        }
    }

    private static void WriteAll(CpioSources sources, CpioOrder order, int alignment, CpioData data, CancellationToken cancellation)
    {
        int looked = 0;
        foreach (int part in order.Order)
        {
            if ((++looked & 63) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }
            data.Write(sources.All[part], order.IsAligned(part) ? alignment : 0);
        }
    }

    private static UserError CannotHold(InvalidDataException e) =>
        new(e.Message, "Leave it out, or use a form that can hold it (squashfs, ext4).", UserErrorKind.Input, e);
}
