using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Images.Cpio;

/// <summary>Makes an uncompressed archive of files, whose data it shares with them where the file system can.</summary>
public static class CpioCreation
{
    /// <summary>Makes it. The same files and options give the same bytes, in whatever order the names come and on whatever file system.</summary>
    /// <exception cref="UserError">A file is not there, changes while it is read, or can't stand in an archive; extents can't be shared and must be;
    /// the disk is full. There is no output then.</exception>
    public static CpioResult Create(CpioRequest request, CancellationToken cancellation = default)
    {
        using SafeFileHandle directory = FileNodes.Open(request.Directory, OpenFlags.PathOnly | OpenFlags.Directory);
        using ArchiveFile output = new(request.Output, request.Mover);
        FileSystemUsage place = FileSystemUsage.Of(output.Directory);
        bool knownToShare = place.Magic is FileSystemUsage.MagicXfs or FileSystemUsage.MagicBtrfs;
        bool share = request.Reflink != ReflinkMode.Never;
        int block = (int)Math.Max(place.BlockBytes, 512);
        int alignment = request.Alignment ?? (request.Reflink == ReflinkMode.Always || (share && knownToShare) ? block : 0);
        string? refusal =
            alignment > 0 ? null
            : request.Alignment is null ? "the archive's file system is not known to share extents (XFS and Btrfs are)"
            : "alignment is off";
        CpioSources sources = CpioSources.Of(request.Names, directory, cancellation);
        try
        {
            CpioOrder order = sources.Order(alignment);
            CpioWriter writer = new(output);
            ExtentSharing sharing = new(request.Mover, output.Handle, share ? block : 0, refusal);
            CpioData data = new(request, directory, output, writer, sharing);
            int looked = 0;
            foreach (int part in order.Order)
            {
                if ((++looked & 63) == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                }
                data.Write(sources.All[part], order.IsAligned(part) ? alignment : 0);
            }
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
            throw new UserError(e.Message, "Leave it out, or use a form that can hold it (squashfs, ext4).", UserErrorKind.Input, e);
        }
    }
}
