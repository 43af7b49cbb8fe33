using System.Globalization;
using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;
using Rootcast.Images.Trees;
using Rootcast.Linux;

namespace Rootcast.Images.Media;

/// <summary>Looks into images that other tools have made, level by level: what each is shows by its content, never by its name.</summary>
/// <param name="scratch">A directory with room for what has to be unpacked; it must last as long as what is opened.</param>
/// <param name="log">Told every command line that is run, in the form that can be pasted.</param>
/// <param name="told">Told what is looked at.</param>
/// <param name="mounts">Whether file systems are mounted; else, and where that cannot be, other programs read them.</param>
internal sealed partial class MediaReader(string scratch, Action<string>? log, Action<string>? told, bool mounts)
{
    // Whoever nests deeper does so to keep us busy.
    private const int MostLevels = 8;

    private readonly UnpackedMedia unpacked = new(scratch, log);
    private int files;

    /// <summary>Opens a file and everything in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="everything">Whether to go on looking when a system was found: for <c>inspect</c>.</param>
    /// <param name="cancellation">Ends every program.</param>
    /// <exception cref="UserError">It cannot be read, or nothing knows what it is.</exception>
    internal async Task<OpenedLevel> OpenAsync(string path, bool everything, CancellationToken cancellation)
    {
        MediaExtent extent;
        try
        {
            extent = MediaExtent.OfFile(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(
                $"{path} cannot be read: {error.Message}",
                "Name a file that this user can read.",
                UserErrorKind.Input,
                error
            );
        }
        try
        {
            return await OpenAsync(extent, path, 0, 0, everything, cancellation)
                ?? throw new UserError(
                    $"{path} is nothing that is known here: it has {extent.Length} bytes and begins with {Start(extent)}",
                    "Known are ISO 9660, squashfs, EROFS, ext, XFS and Btrfs file systems, raw and qcow2 disks, initrds, tar archives and kernels.",
                    UserErrorKind.Input
                );
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new UserError($"{path} is damaged or was cut: {error.Message}", "Make or fetch it again.", UserErrorKind.Input, error);
        }
    }

    /// <summary>Opens one level and what is in it; null when nothing knows it.</summary>
    private async Task<OpenedLevel?> OpenAsync(
        MediaExtent extent,
        string name,
        int depth,
        int partition,
        bool everything,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        byte[] first = extent.Read(0, MediaSignature.BytesNeeded);
        string? kind = MediaSignature.Of(first);
        if (kind is null || depth > MostLevels)
        {
            return null;
        }
        told?.Invoke(name);
        OpenedLevel level = new()
        {
            Extent = extent,
            Partition = partition,
            Facts = MediaFacts.Of(kind, name, extent, first),
        };
        try
        {
            switch (kind)
            {
                case MediaSignature.Kernel:
                    if (TreeSystem.KernelVersion(extent) is { } version)
                    {
                        level.Kernels.Add(new FoundKernel(name, version, extent));
                        level.Facts = level.Facts with { Kernels = [version] };
                    }
                    break;
                case MediaSignature.Qcow2:
                    await OpenQcow2Async(level, first, depth, everything, cancellation);
                    break;
                case MediaSignature.Gpt or MediaSignature.Mbr:
                    await OpenDiskAsync(level, kind, first, depth, everything, cancellation);
                    break;
                case MediaSignature.Initrd:
                    OpenInitrd(level, cancellation);
                    break;
                case MediaSignature.Tar:
                    level.Tree = ArchivedTree.Read(await WholeAsync(extent, cancellation), cancellation);
                    break;
                case MediaSignature.Iso:
                    level.Tree = IsoTree.Read(extent, MediaFacts.VolumeOf(extent), cancellation);
                    break;
                case "vfat":
                    // Of no use for a tree; what boots from it is firmware's.
                    break;
                case MediaSignature.Squashfs or MediaSignature.Erofs or "ext4" or "xfs" or "btrfs":
                    level.Tree = await OpenFileSystemAsync(level, kind, cancellation);
                    break;
                default:
                    await OpenCompressedAsync(level, kind, depth, everything, cancellation);
                    break;
            }
            if (level.Tree is { } tree)
            {
                Describe(level, tree);
                if (!level.IsSystem || kind == MediaSignature.Iso)
                {
                    await OpenFilesAsync(level, tree, depth, everything, cancellation);
                }
            }
            return level;
        }
        catch
        {
            level.Dispose();
            throw;
        }
    }

    private async Task<FileTree> OpenFileSystemAsync(OpenedLevel level, string kind, CancellationToken cancellation)
    {
        if (level.Facts.UnpackedBytes is { } bytes && bytes > level.Extent.Length)
        {
            throw new InvalidDataException($"{kind}: it has {level.Extent.Length} bytes, its superblock says {bytes}");
        }
        level.Facts = level.Facts with { UnpackedBytes = null };
        if (mounts)
        {
            try
            {
                if (await MountedTree.ReadAsync(level.Extent, kind, level.Facts.Name, scratch, level.Note, cancellation) is { } mounted)
                {
                    return mounted;
                }
            }
            catch (LinuxException error) when (error.Number is Errno.NotPermitted or Errno.AccessDenied)
            {
                // Root of a container, who may not mount: as any other user then.
                return await unpacked.ReadAsync(level.Extent, kind, level.Facts.Name, level.Note, cancellation);
            }
            catch (LinuxException error)
            {
                throw new InvalidDataException($"{kind}: {level.Facts.Name} cannot be mounted: {error.Message}", error);
            }
        }
        return await unpacked.ReadAsync(level.Extent, kind, level.Facts.Name, level.Note, cancellation);
    }

    private void OpenInitrd(OpenedLevel level, CancellationToken cancellation)
    {
        InitrdTree initrd = InitrdTree.Read(level.Extent, NewFile("initrd"), cancellation);
        level.Tree = initrd.Tree;
        level.Facts = level.Facts with
        {
            Kind = MediaSignature.Initrd,
            Compressor = MediaFacts.Join(initrd.Members.Select(member => MediaFacts.NameOf(member.Compression))),
        };
        level.Note(string.Create(CultureInfo.InvariantCulture, $"{initrd.Members.Count} member(s)"));
        foreach (ArchiveProblem problem in initrd.Problems.Take(3))
        {
            level.Note(string.Create(CultureInfo.InvariantCulture, $"byte {problem.Offset}: {problem.Reason}"));
        }
    }

    private static void Describe(OpenedLevel level, FileTree tree)
    {
        long bytes = 0;
        HashSet<TreeInode> seen = new(ReferenceEqualityComparer.Instance);
        foreach ((UnixPath path, TreeInode node) in tree.Sorted())
        {
            if (node.Entry.Kind != NodeKind.File || !seen.Add(node))
            {
                continue;
            }
            bytes += node.Entry.Size;
            if (
                TreeSystem.IsKernelPlace(path)
                && PlaceOf(node) is { } place
                && Formats.Kernels.KernelImage.IsHere(place.Read(0, 1024))
                && TreeSystem.KernelVersion(place) is { } version
            )
            {
                level.Kernels.Add(new FoundKernel(path.ToString(), version, place));
            }
        }
        level.Facts = level.Facts with
        {
            Entries = tree.Count,
            UnpackedBytes = bytes,
            System = TreeSystem.NameOf(tree),
            Init = TreeSystem.InitOf(tree),
            Kernels = [.. level.Kernels.Select(kernel => kernel.Version).Distinct(StringComparer.Ordinal)],
            Modules = [.. TreeSystem.ModulesOf(tree).Select(modules => modules.Version)],
        };
    }

    /// <summary>Where the bytes of a file are without copying them; null when they are nowhere in one piece.</summary>
    private static MediaExtent? PlaceOf(TreeInode node) =>
        node.Data?.PlaceOf(node.Entry) is { } place ? new MediaExtent(place.Path, place.Offset, node.Entry.Size) : null;

    private string NewFile(string what) => Path.Combine(scratch, $"{what}-{files++}");

    private async Task<string> WholeAsync(MediaExtent extent, CancellationToken cancellation)
    {
        if (extent.IsWholeFile)
        {
            return extent.Path;
        }
        string path = NewFile("part");
        await using FileStream file = new(path, FileMode.CreateNew);
        await using Stream part = extent.Open();
        await part.CopyToAsync(file, 1 << 20, cancellation);
        return path;
    }

    private static string Start(MediaExtent extent) => extent.Length == 0 ? "nothing" : Convert.ToHexStringLower(extent.Read(0, 8));
}
