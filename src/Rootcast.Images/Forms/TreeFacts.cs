using Rootcast.Contract;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Forms;

/// <summary>What the forms must know of a tree before they cast it, from one pass over its archive.</summary>
public sealed record TreeFacts
{
    private const int Page = 4096;

    // shmem's inode with its dentry in the slab, on 64-bit kernels between 5.10 and 6.12: 0.7 to 0.8 KiB and 0.2 KiB.
    private const int TmpfsInode = 1024;

    // What ext4 keeps inside an inode of 256 bytes.
    private const int InlineLink = 59;

    private const int DirectoryEntry = 8;
    private const int ArchiveBlock = 512;
    private const int LongestName = 255;

    /// <summary>The root directory itself; null when the archive has no entry for it.</summary>
    public TreeEntry? Root { get; private init; }

    /// <summary>Entries that get an inode of their own.</summary>
    public long Inodes { get; private init; }

    /// <summary>Bytes of the pages that files and long links have in a tmpfs; holes have none.</summary>
    public long FilePages { get; private init; }

    /// <summary>Bytes of memory that the tree takes in a tmpfs, inodes included (an estimate for those).</summary>
    public long TmpfsBytes => FilePages + (Inodes * TmpfsInode);

    /// <summary>Bytes of 4 KiB blocks that it takes in ext4, inode tables excluded.</summary>
    public long Ext4Blocks { get; private init; }

    /// <summary>The earliest modification time in seconds since 1970.</summary>
    public long EarliestTime { get; private init; }

    /// <summary>The latest modification time in seconds since 1970.</summary>
    public long LatestTime { get; private init; }

    /// <summary>Whether a sparse file has data that ends within a block of the archive. mksquashfs 4.5.1 takes such an archive for truncated; at the
    /// end of a file only when the entry has no owner's name, as ours.</summary>
    public bool HasUnalignedData { get; private init; }

    /// <summary>Paths with POSIX access lists.</summary>
    public int AccessLists { get; private init; }

    /// <summary>An entry whose name has the 255 bytes that Linux allows; null when there is none.</summary>
    public TreeEntry? LongestNamed { get; private init; }

    /// <summary>Entries with extended attributes.</summary>
    public IReadOnlyList<TreeEntry> WithAttributes { get; private init; } = [];

    /// <summary>Reads an archive.</summary>
    /// <exception cref="UserError">It is damaged.</exception>
    public static TreeFacts Read(string path, CancellationToken cancellation = default)
    {
        TreeEntry? root = null;
        long inodes = 0;
        long pages = 0;
        long blocks = 0;
        long earliest = long.MaxValue;
        long latest = long.MinValue;
        int accessLists = 0;
        bool unaligned = false;
        TreeEntry? longestNamed = null;
        List<TreeEntry> attributed = [];
        Dictionary<string, long> directories = new(StringComparer.Ordinal);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            TarReader reader = new(file);
            while (reader.Next() is { } entry)
            {
                cancellation.ThrowIfCancellationRequested();
                CountName(entry, directories);
                longestNamed = entry.Path.Bytes.Length - entry.Path.Bytes.LastIndexOf((byte)'/') - 1 >= LongestName ? entry : longestNamed;
                if (entry.Kind == NodeKind.HardLink)
                {
                    continue;
                }
                root = entry.Kind == NodeKind.Directory && entry.Path.IsEmpty ? entry : root;
                inodes++;
                long data = DataPages(entry);
                pages += entry.Kind == NodeKind.Directory ? 0 : data;
                blocks += data + (entry.Kind == NodeKind.Symlink && entry.Target.Bytes.Length > InlineLink && data == 0 ? Page : 0);
                unaligned |= entry.DataRanges?.Any(range => range.Length % ArchiveBlock != 0) == true;
                earliest = Math.Min(earliest, entry.ModifiedSeconds);
                latest = Math.Max(latest, entry.ModifiedSeconds);
                if (entry.Attributes.Count > 0)
                {
                    attributed.Add(entry);
                    blocks += Page;
                    accessLists += entry.Attributes.Any(attribute =>
                        attribute.Name.StartsWith("system.posix_acl_", StringComparison.Ordinal)
                    )
                        ? 1
                        : 0;
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new UserError($"The tree's archive {path} is damaged: {e.Message}", "Delete it and build the image again.", cause: e);
        }
        return new TreeFacts
        {
            Root = root,
            Inodes = inodes,
            FilePages = pages,
            Ext4Blocks = blocks + directories.Values.Sum(names => RoundUp(names + (names / 8), Page)),
            EarliestTime = inodes == 0 ? 0 : earliest,
            LatestTime = inodes == 0 ? 0 : latest,
            AccessLists = accessLists,
            HasUnalignedData = unaligned,
            LongestNamed = longestNamed,
            WithAttributes = attributed,
        };
    }

    internal static long RoundUp(long bytes, long unit) => (bytes + unit - 1) / unit * unit;

    private static long DataPages(TreeEntry entry) =>
        entry.Kind switch
        {
            NodeKind.File when entry.DataRanges is { } ranges => ranges.Sum(range =>
                RoundUp(range.Offset + range.Length, Page) - (range.Offset / Page * Page)
            ),
            NodeKind.File => RoundUp(entry.Size, Page),
            // tmpfs keeps up to 128 bytes of a link in the inode (SHORT_SYMLINK_LEN).
            NodeKind.Symlink when entry.Target.Bytes.Length >= 128 => Page,
            _ => 0,
        };

    private static void CountName(TreeEntry entry, Dictionary<string, long> directories)
    {
        ReadOnlySpan<byte> path = entry.Path.Bytes;
        int slash = path.LastIndexOf((byte)'/');
        // Latin-1 keeps bytes apart whatever their encoding.
        string parent = slash < 0 ? "" : System.Text.Encoding.Latin1.GetString(path[..slash]);
        long length = RoundUp(DirectoryEntry + path.Length - slash - 1, 4);
        directories[parent] = directories.GetValueOrDefault(parent) + length;
        if (entry.Kind == NodeKind.Directory)
        {
            string own = System.Text.Encoding.Latin1.GetString(path);
            directories[own] = directories.GetValueOrDefault(own) + 24;
        }
    }
}
