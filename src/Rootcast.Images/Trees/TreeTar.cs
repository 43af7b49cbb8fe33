using System.Security.Cryptography;
using Rootcast.Formats;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Trees;

/// <summary>Writes a tree as the one deterministic tar: sorted by name, the first name of a node holding its data, the others being hard links.</summary>
internal static class TreeTar
{
    private const int Page = 4096;

    /// <summary>Writes it into a stream.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="destination">Left open.</param>
    /// <param name="epoch">SOURCE_DATE_EPOCH: times after it are set to it; null leaves them.</param>
    /// <param name="progress">Told entries done and their number.</param>
    /// <param name="cancellation">Stops between entries.</param>
    /// <returns>What was written, its path left empty.</returns>
    internal static TreeArchive Write(
        FileTree tree,
        Stream destination,
        long? epoch,
        Action<long, long>? progress,
        CancellationToken cancellation
    )
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using HashingStream hashing = new(destination, hash);
        TarWriter writer = new(hashing);
        Dictionary<TreeInode, UnixPath> written = new(ReferenceEqualityComparer.Instance);
        int entries = 0;
        long pageBytes = 0;
        foreach ((UnixPath path, TreeInode inode) in tree.Sorted())
        {
            cancellation.ThrowIfCancellationRequested();
            if (++entries % 256 == 0)
            {
                progress?.Invoke(entries, tree.Count);
            }
            TreeEntry entry = Clamp(inode.Entry with { Path = path }, epoch);
            if (written.TryGetValue(inode, out UnixPath first))
            {
                writer.Write(LinkTo(entry, first));
                continue;
            }
            if (entry.Kind != NodeKind.Directory)
            {
                written.Add(inode, path);
            }
            pageBytes += PagesOf(entry);
            if (inode.Data is { } data)
            {
                data.Write(writer, entry);
            }
            else
            {
                writer.Write(entry);
            }
        }
        writer.Finish();
        return new TreeArchive("", "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset()), writer.Position, entries, pageBytes);
    }

    private static TreeEntry Clamp(TreeEntry entry, long? epoch) =>
        epoch is { } latest && (entry.ModifiedSeconds > latest || (entry.ModifiedSeconds == latest && entry.ModifiedNanoseconds > 0))
            ? entry with
            {
                ModifiedSeconds = latest,
                ModifiedNanoseconds = 0,
            }
            : entry;

    private static TreeEntry LinkTo(TreeEntry entry, UnixPath first) =>
        new()
        {
            Path = entry.Path,
            Kind = NodeKind.HardLink,
            Target = first,
            Mode = entry.Mode,
            Uid = entry.Uid,
            Gid = entry.Gid,
            ModifiedSeconds = entry.ModifiedSeconds,
            ModifiedNanoseconds = entry.ModifiedNanoseconds,
        };

    private static long PagesOf(TreeEntry entry)
    {
        if (entry.Kind != NodeKind.File)
        {
            return 0;
        }
        IReadOnlyList<DataRange> ranges = entry.DataRanges ?? [new DataRange(0, entry.Size)];
        return ranges.Sum(range => (range.Offset + range.Length + Page - 1) / Page * Page - range.Offset / Page * Page);
    }
}
