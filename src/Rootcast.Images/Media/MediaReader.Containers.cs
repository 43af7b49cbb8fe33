using System.Globalization;
using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Kernels;
using Rootcast.Formats.Partitions;
using Rootcast.Formats.Qcow2;
using Rootcast.Formats.Tree;
using Rootcast.Images.Sources;
using Rootcast.Images.Tools;
using Rootcast.Images.Trees;
using Rootcast.Linux.Block;

namespace Rootcast.Images.Media;

internal sealed partial class MediaReader
{
    // Smaller than any file system with a system in it.
    private const int LeastNested = 4096;
    private const int MostNested = 4096;
    private const int MostLogical = 128;

    private async Task OpenQcow2Async(OpenedLevel level, byte[] first, int depth, bool everything, CancellationToken cancellation)
    {
        Qcow2Header header = Qcow2Header.Read(first);
        if (header.IsEncrypted || header.HasBackingFile)
        {
            throw new UserError(
                $"{level.Facts.Name} {(header.IsEncrypted ? "is encrypted" : "needs another file: its backing or data file")}",
                "Make a whole image of it first: qemu-img convert -O qcow2 FILE WHOLE.",
                UserErrorKind.Input
            );
        }
        string raw = NewFile("disk");
        string source = await WholeAsync(level.Extent, cancellation);
        // Sparse: what the image does not have takes no room here either. A file that names others as its format is not followed.
        await new Tool("qemu-img", "convert", "-f", "qcow2", "-O", "raw", source, raw)
        {
            Hint = "The image is damaged, or there is no room for the disk in it below $TMPDIR or the build cache.",
            Log = log,
        }.RunAsync(cancellation);
        if (await OpenAsync(MediaExtent.OfFile(raw), "disk", depth + 1, 0, everything, cancellation) is { } disk)
        {
            disk.Facts = disk.Facts with { Offset = null };
            level.Inside.Add(disk);
        }
    }

    private async Task OpenDiskAsync(
        OpenedLevel level,
        string kind,
        byte[] first,
        int depth,
        bool everything,
        CancellationToken cancellation
    )
    {
        IReadOnlyList<Partition> partitions = kind == MediaSignature.Gpt ? ReadGpt(level, first) : ReadMbr(level, first);
        foreach (Partition partition in partitions)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"partition {partition.Number}");
            MediaExtent extent = level.Extent.Part(partition.Offset, partition.Length);
            OpenedLevel? inside = null;
            try
            {
                inside =
                    extent.Length < partition.Length
                        ? throw new InvalidDataException(
                            $"it ends at byte {partition.Offset + partition.Length} of a disk of {level.Extent.Length}"
                        )
                        : await OpenAsync(extent, name, depth + 1, partition.Number, everything, cancellation);
            }
            catch (Exception error) when (error is InvalidDataException or EndOfStreamException or UserError)
            {
                level.Note($"{name}: {error.Message}");
            }
            inside ??= new OpenedLevel
            {
                Extent = extent,
                Partition = partition.Number,
                Facts = MediaFacts.Of("unknown", name, extent, []),
            };
            inside.Facts = inside.Facts with { Label = inside.Facts.Label ?? partition.Name };
            level.Inside.Add(inside);
        }
    }

    private static IReadOnlyList<Partition> ReadGpt(OpenedLevel level, byte[] first)
    {
        GuidPartitionTable table = GuidPartitionTable.Read(first) ?? throw new InvalidDataException("gpt: there is no header");
        level.Facts = level.Facts with { BlockBytes = table.SectorBytes };
        return table.ReadEntries(level.Extent.Read(table.EntriesOffset, table.EntriesBytes));
    }

    private static List<Partition> ReadMbr(OpenedLevel level, byte[] first)
    {
        List<Partition> all = [];
        foreach (Partition partition in MasterBootRecord.Read(first) ?? [])
        {
            if (!MasterBootRecord.IsExtended(partition))
            {
                all.Add(partition);
                continue;
            }
            // Logical partitions are a chain: each sector has one of them and the next link, which counts from the extended partition's start.
            const int firstLogical = 5;
            long at = partition.Offset;
            for (int number = firstLogical; number < firstLogical + MostLogical; number++)
            {
                IReadOnlyList<Partition>? link = MasterBootRecord.Read(level.Extent.Read(at, MasterBootRecord.BytesNeeded), at);
                if (link?.FirstOrDefault(entry => !MasterBootRecord.IsExtended(entry)) is { } logical)
                {
                    all.Add(logical with { Number = number });
                }
                if (link?.FirstOrDefault(MasterBootRecord.IsExtended) is not { } next)
                {
                    break;
                }
                at = partition.Offset + (next.Offset - at);
            }
        }
        return all;
    }

    private async Task OpenCompressedAsync(OpenedLevel level, string program, int depth, bool everything, CancellationToken cancellation)
    {
        if (await IsInitrdAsync(level.Extent, program, cancellation))
        {
            OpenInitrd(level, cancellation);
            return;
        }
        string plain = NewFile("plain");
        await using (Stream source = level.Extent.Open())
        {
            await ArchiveCompression.UnpackAsync(program, source, plain, log, cancellation);
        }
        MediaExtent extent = MediaExtent.OfFile(plain);
        level.Facts = level.Facts with { UnpackedBytes = extent.Length };
        if (await OpenAsync(extent, "contents", depth + 1, 0, everything, cancellation) is { } inside)
        {
            inside.Facts = inside.Facts with { Offset = null };
            level.Inside.Add(inside);
        }
    }

    private async Task<bool> IsInitrdAsync(MediaExtent extent, string program, CancellationToken cancellation)
    {
        await using Stream source = extent.Open();
        byte[] head = await ArchiveCompression.HeadAsync(program, source, 512, log, cancellation);
        return InitrdMagic.Detect(head) == InitrdCompression.None && head.Length > 6 && head[5] is (byte)'1' or (byte)'2';
    }

    /// <summary>Images among the files of a tree that is no system: file systems first, the largest first, then initrds.</summary>
    private async Task OpenFilesAsync(OpenedLevel level, FileTree tree, int depth, bool everything, CancellationToken cancellation)
    {
        // By node: a file with two names is looked at under the first.
        HashSet<TreeInode> seen = [];
        List<(UnixPath Path, TreeInode Node)> candidates = [];
        foreach ((UnixPath path, TreeInode node) in tree.Sorted())
        {
            if (node.Entry.Kind == NodeKind.File && node.Entry.Size >= LeastNested && seen.Add(node))
            {
                candidates.Add((path, node));
            }
        }
        candidates.Sort(
            (one, other) =>
                other.Node.Entry.Size.CompareTo(one.Node.Entry.Size) is var larger and not 0 ? larger : one.Path.CompareTo(other.Path)
        );
        candidates.RemoveRange(Math.Min(candidates.Count, MostNested), Math.Max(0, candidates.Count - MostNested));
        List<(UnixPath Path, MediaExtent Place, string Program)> later = [];
        foreach ((UnixPath path, TreeInode node) in candidates)
        {
            MediaExtent place = PlaceOf(node) ?? Spool(node);
            byte[] first = place.Read(0, 4096);
            if (KernelImage.IsHere(first))
            {
                if (TreeSystem.KernelVersion(place) is { } version && level.Kernels.TrueForAll(known => known.Path != path.ToString()))
                {
                    level.Kernels.Add(new FoundKernel(path.ToString(), version, place));
                }
            }
            else if (IsFileSystem(place, first))
            {
                await OpenFileAsync(level, path, place, depth, everything, cancellation);
            }
            else if (InitrdMagic.Detect(first) is { } compression)
            {
                later.Add((path, place, compression == InitrdCompression.None ? "" : ArchiveCompression.Of(first) ?? ""));
            }
            if (!everything && level.Inside.Exists(inside => inside.All().Any(one => one.IsSystem)))
            {
                // Kernels are small, so they may come behind the tree.
                level.Kernels.AddRange([.. KernelsIn(candidates, level)]);
                later.Clear();
                break;
            }
        }
        foreach ((UnixPath path, MediaExtent place, string program) in later)
        {
            if (program.Length == 0 || await IsInitrdAsync(place, program, cancellation))
            {
                await OpenFileAsync(level, path, place, depth, everything, cancellation);
            }
        }
        level.Facts = level.Facts with { Kernels = [.. level.Kernels.Select(kernel => kernel.Version).Distinct(StringComparer.Ordinal)] };
    }

    private async Task OpenFileAsync(
        OpenedLevel level,
        UnixPath path,
        MediaExtent place,
        int depth,
        bool everything,
        CancellationToken cancellation
    )
    {
        try
        {
            if (await OpenAsync(place, path.ToString(), depth + 1, 0, everything, cancellation) is { } inside)
            {
                level.Inside.Add(inside);
            }
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or UserError)
        {
            level.Note($"{path}: {error.Message}");
        }
    }

    private static IEnumerable<FoundKernel> KernelsIn(List<(UnixPath Path, TreeInode Node)> files, OpenedLevel level)
    {
        foreach ((UnixPath path, TreeInode node) in files)
        {
            if (
                level.Kernels.TrueForAll(known => known.Path != path.ToString())
                && PlaceOf(node) is { } place
                && KernelImage.IsHere(place.Read(0, 1024))
                && TreeSystem.KernelVersion(place) is { } version
            )
            {
                yield return new FoundKernel(path.ToString(), version, place);
            }
        }
    }

    private static bool IsFileSystem(MediaExtent place, byte[] first)
    {
        string? type = FileSystemSignature.Read(first)?.Type;
        const int leastBtrfs = 16 << 20;
        if (type is null && place.Length >= leastBtrfs)
        {
            // Btrfs and ISO 9660 begin later.
            type = FileSystemSignature.Read(place.Read(0, FileSystemSignature.BytesNeeded))?.Type;
        }
        return type is not (null or "vfat");
    }

    private MediaExtent Spool(TreeInode node)
    {
        string path = NewFile("file");
        using (FileStream file = new(path, FileMode.CreateNew))
        {
            node.Data!.CopyTo(file, node.Entry);
        }
        return MediaExtent.OfFile(path);
    }
}
