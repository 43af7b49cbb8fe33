using Rootcast.Formats;
using Rootcast.Formats.Iso9660;
using Rootcast.Formats.Tree;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Media;

/// <summary>The tree of an ISO 9660: read by ourselves, so that it needs neither root nor a kernel that knows isofs, and what is in it can be used where it
/// lies.</summary>
internal static class IsoTree
{
    private const int LargestDirectory = 64 << 20;
    private const int MostDirectories = 200_000;
    private const int TypeMask = 0xF000;

    /// <summary>Reads every directory; the files' bytes stay where they are.</summary>
    /// <exception cref="InvalidDataException">A directory is damaged, or they go in circles.</exception>
    internal static FileTree Read(MediaExtent extent, IsoVolume volume, CancellationToken cancellation)
    {
        FileTree tree = new();
        FileStream data = new(extent.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        tree.Own(data);
        try
        {
            new Walk(tree, data, extent, volume.BlockBytes).Take(volume.Root, cancellation);
            return tree;
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    private sealed class Walk(FileTree tree, FileStream data, MediaExtent extent, int blockBytes)
    {
        private readonly HashSet<long> seen = [];
        private readonly Stack<(UnixPath Path, long Block, long Length)> waiting = [];
        private int skip;

        internal void Take(IsoRecord root, CancellationToken cancellation)
        {
            IsoRecord own = DirectoryOf(root.Block, root.Length)[0];
            skip = own.Skip;
            tree.Put(default, new TreeInode(EntryOf(own, default) with { Kind = NodeKind.Directory }));
            waiting.Push((default, root.Block, root.Length));
            while (waiting.TryPop(out (UnixPath Path, long Block, long Length) directory))
            {
                cancellation.ThrowIfCancellationRequested();
                if (!seen.Add(directory.Block) || seen.Count > MostDirectories)
                {
                    throw new InvalidDataException($"iso9660: the directory /{directory.Path} is met a second time");
                }
                TakeDirectory(directory.Path, DirectoryOf(directory.Block, directory.Length));
            }
        }

        private void TakeDirectory(UnixPath directory, IReadOnlyList<IsoRecord> records)
        {
            for (int i = 0; i < records.Count; i++)
            {
                IsoRecord record = records[i];
                if (record.Name.IsEmpty || record.IsMoved)
                {
                    continue;
                }
                long length = record.Length;
                // A file of 4 GiB or more has several records; they are of use only when the data is in one piece.
                for (; records[i].Continues && i + 1 < records.Count; i++)
                {
                    if (records[i + 1].Block != records[i].Block + (records[i].Length / blockBytes))
                    {
                        throw new InvalidDataException($"iso9660: /{directory}/{record.Name} is stored in pieces");
                    }
                    length += records[i + 1].Length;
                }
                byte[] raw = directory.IsEmpty ? record.Name.Bytes.ToArray() : [.. directory.Bytes, (byte)'/', .. record.Name.Bytes];
                if (record.Name.Bytes.Contains((byte)'/') || !EntryPath.TryNormalise(raw, out UnixPath path))
                {
                    throw new InvalidDataException($"iso9660: '{record.Name}' is no name of a file");
                }
                Put(path, record, length);
            }
        }

        private void Put(UnixPath path, IsoRecord record, long length)
        {
            if (record.MovedTo is { } block)
            {
                IsoRecord own = DirectoryOf(block, blockBytes)[0];
                waiting.Push((path, own.Block, own.Length));
                record = own;
            }
            else if (record.IsDirectory)
            {
                waiting.Push((path, record.Block, record.Length));
            }
            TreeEntry entry = EntryOf(record, path);
            if (entry.Kind != NodeKind.File)
            {
                tree.Put(path, new TreeInode(entry));
                return;
            }
            long at = record.Block * blockBytes;
            if (at + length > extent.Length)
            {
                throw new InvalidDataException($"iso9660: /{path} ends at byte {at + length} of {extent.Length}: the image was cut");
            }
            TreeData? bytes = length > 0 ? new ArchivedData(data, extent.Offset + at, length) : null;
            tree.Put(path, new TreeInode(entry with { Size = length }, bytes));
        }

        private IReadOnlyList<IsoRecord> DirectoryOf(long block, long length)
        {
            if (length is <= 0 or > LargestDirectory)
            {
                throw new InvalidDataException($"iso9660: a directory of {length} bytes in block {block} cannot be");
            }
            byte[] bytes = extent.Read(block * blockBytes, (int)length);
            if (bytes.Length < length)
            {
                throw new InvalidDataException($"iso9660: the directory in block {block} is beyond the end: the image was cut");
            }
            IReadOnlyList<IsoRecord> records = IsoDirectory.Read(
                bytes,
                skip,
                (at, part) => extent.Read((at * blockBytes) + part.Start.Value, part.End.Value - part.Start.Value)
            );
            return records.Count > 0 ? records : throw new InvalidDataException($"iso9660: the directory in block {block} is empty");
        }

        private static TreeEntry EntryOf(IsoRecord record, UnixPath path)
        {
            const int plainDirectory = 0x1ED;
            const int plainFile = 0x1A4;
            NodeKind kind = (record.Mode & TypeMask) switch
            {
                0xA000 => NodeKind.Symlink,
                0x2000 => NodeKind.CharacterDevice,
                0x6000 => NodeKind.BlockDevice,
                0x1000 => NodeKind.Fifo,
                _ => record.IsDirectory ? NodeKind.Directory : NodeKind.File,
            };
            return new TreeEntry
            {
                Path = path,
                Kind = kind,
                Mode = (int?)(record.Mode & 0xFFF) ?? (record.IsDirectory ? plainDirectory : plainFile),
                Uid = record.Uid,
                Gid = record.Gid,
                ModifiedSeconds = record.Modified,
                Target = kind == NodeKind.Symlink ? record.Target : default,
                DeviceMajor = record.DeviceMajor,
                DeviceMinor = record.DeviceMinor,
            };
        }
    }
}
