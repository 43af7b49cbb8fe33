using Rootcast.Formats;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Trees;

/// <summary>A tree out of an uncompressed tar on disk; the files' bytes stay there until they are asked for.</summary>
internal static class ArchivedTree
{
    /// <summary>Reads every entry.</summary>
    /// <param name="path">The tar.</param>
    /// <param name="cancellation">Stops between entries.</param>
    /// <exception cref="InvalidDataException">It is damaged, cut, or no tar.</exception>
    internal static FileTree Read(string path, CancellationToken cancellation)
    {
        FileStream archive = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.None);
        FileTree tree = new();
        tree.Own(archive);
        try
        {
            // The reader's own position serves it alone: data is read later from the same handle.
            using FileStream entries = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            TarReader reader = new(entries);
            while (reader.Next() is { } entry)
            {
                cancellation.ThrowIfCancellationRequested();
                Add(tree, entry, archive, reader.Position);
            }
            if (!reader.EndMarkSeen)
            {
                throw new InvalidDataException($"tar: the archive ends at byte {reader.Position} without its end mark: it has been cut");
            }
            tree.MakeParents(UnixPath.From("x"), 0);
            return tree;
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    private static void Add(FileTree tree, TreeEntry entry, FileStream archive, long dataOffset)
    {
        if (entry.Kind == NodeKind.HardLink)
        {
            TreeInode target =
                tree.Find(entry.Target)
                ?? throw new InvalidDataException($"tar: /{entry.Path} is a hard link to /{entry.Target}, which is not before it");
            if (target.Entry.Kind == NodeKind.Directory)
            {
                throw new InvalidDataException($"tar: /{entry.Path} is a hard link to the directory /{entry.Target}");
            }
            if (tree.Resolve(entry.Path) != tree.Resolve(entry.Target))
            {
                tree.Put(entry.Path, target);
            }
            return;
        }
        long stored = entry.DataRanges is { } ranges ? ranges.Sum(range => range.Length) : entry.Size;
        TreeData? data = entry.Kind == NodeKind.File && stored > 0 ? new ArchivedData(archive, dataOffset, stored) : null;
        tree.Put(entry.Path, new TreeInode(entry, data));
    }
}
