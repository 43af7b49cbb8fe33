using System.Buffers.Binary;
using Rootcast.Formats;
using Rootcast.Formats.Ext4;
using Rootcast.Formats.Tree;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Media;

/// <summary>The tree of an ext2, ext3 or ext4 without a mount, for who is not root: everything in it comes along, its bytes stay where they are. A journal is
/// not replayed.</summary>
internal sealed class Ext4Tree : IDisposable
{
    private const uint RootInode = 2;
    private const int LargestDirectory = 256 << 20;
    private const int MostPieces = 1 << 20;
    private const int LongestLink = 4096;
    private const int ShortLink = 60;

    private readonly FileTree tree = new();
    private readonly MediaExtent extent;
    private readonly FileStream data;
    private readonly Ext4Superblock super;
    private readonly Dictionary<uint, TreeInode> seen = [];
    private readonly HashSet<uint> directories = [];

    private Ext4Tree(MediaExtent extent, FileStream data)
    {
        this.extent = extent;
        this.data = data;
        tree.Own(data);
        super = Ext4Superblock.Read(extent.Read(Ext4Superblock.Offset, Ext4Superblock.BytesNeeded));
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or has something that is not read here.</exception>
    internal static FileTree Read(MediaExtent extent, Action<string> note, CancellationToken cancellation)
    {
        FileStream file = new(extent.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            Ext4Tree ext4 = new(extent, file);
            if (ext4.super.NeedsRecovery)
            {
                note(MountedTree.NotReplayed);
            }
            ext4.Walk(cancellation);
            return ext4.tree;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Closes the tree's file; the tree does the same.</summary>
    public void Dispose() => tree.Dispose();

    private void Walk(CancellationToken cancellation)
    {
        Stack<(UnixPath Path, Ext4Inode Inode)> waiting = [];
        Ext4Inode root = InodeOf(RootInode);
        tree.Put(default, new TreeInode(EntryOf(root, default)));
        waiting.Push((default, root));
        directories.Add(RootInode);
        while (waiting.TryPop(out (UnixPath Path, Ext4Inode Inode) directory))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach ((UnixPath name, uint number) in NamesIn(directory.Inode))
            {
                byte[] raw = directory.Path.IsEmpty ? name.Bytes.ToArray() : [.. directory.Path.Bytes, (byte)'/', .. name.Bytes];
                if (name.Bytes.Contains((byte)'/') || !EntryPath.TryNormalise(raw, out UnixPath path))
                {
                    throw new InvalidDataException($"ext4: '{name}' is no name of a file");
                }
                if (seen.TryGetValue(number, out TreeInode? known))
                {
                    tree.Put(path, known);
                    continue;
                }
                Ext4Inode inode = InodeOf(number);
                TreeEntry entry = EntryOf(inode, path);
                if (entry.Kind == NodeKind.Socket)
                {
                    continue;
                }
                if (entry.Kind == NodeKind.Directory)
                {
                    if (!directories.Add(number))
                    {
                        throw new InvalidDataException($"ext4: the directory /{path} is met a second time");
                    }
                    waiting.Push((path, inode));
                    tree.Put(path, new TreeInode(entry));
                    continue;
                }
                TreeInode node = NodeOf(entry, inode);
                seen.Add(number, node);
                tree.Put(path, node);
            }
        }
    }

    private TreeInode NodeOf(TreeEntry entry, Ext4Inode inode)
    {
        switch (entry.Kind)
        {
            case NodeKind.Symlink when inode.Size is <= 0 or >= LongestLink:
                throw new InvalidDataException($"ext4: the link /{entry.Path} has {inode.Size} bytes");
            case NodeKind.Symlink when inode.Size < ShortLink && !inode.HasExtents:
                return new TreeInode(entry with { Target = new UnixPath(inode.Blocks[..(int)inode.Size]) });
            case NodeKind.Symlink:
                return new TreeInode(entry with { Target = new UnixPath(BytesOf(inode).AsMemory(0, (int)inode.Size)) });
            case NodeKind.CharacterDevice or NodeKind.BlockDevice:
                return new TreeInode(entry with { DeviceMajor = inode.Device.Major, DeviceMinor = inode.Device.Minor });
            case NodeKind.File when inode.Size > 0:
                (List<DataRange> ranges, List<DataRange> pieces) = PiecesOf(inode);
                bool whole = ranges is [{ Offset: 0 } only] && only.Length == inode.Size;
                TreeEntry file = entry with { Size = inode.Size, DataRanges = whole ? null : ranges };
                return new TreeInode(file, new ScatteredData(data, pieces));
            default:
                return new TreeInode(entry);
        }
    }

    private IEnumerable<(UnixPath Name, uint Inode)> NamesIn(Ext4Inode directory)
    {
        if (directory.Size is < 0 or > LargestDirectory)
        {
            throw new InvalidDataException($"ext4: a directory of {directory.Size} bytes cannot be");
        }
        byte[] bytes = BytesOf(directory);
        for (int at = 0; at + super.BlockBytes <= bytes.Length; at += super.BlockBytes)
        {
            foreach ((UnixPath, uint) name in Ext4Directory.Read(bytes.AsSpan(at, super.BlockBytes)))
            {
                yield return name;
            }
        }
    }

    /// <summary>The data of a directory or a long link.</summary>
    private byte[] BytesOf(Ext4Inode inode)
    {
        (List<DataRange> ranges, List<DataRange> pieces) = PiecesOf(inode);
        byte[] bytes = new byte[inode.Size];
        using MemoryStream all = new();
        foreach (DataRange piece in pieces)
        {
            all.Write(extent.Read(piece.Offset - extent.Offset, (int)piece.Length));
        }
        ReadOnlySpan<byte> rest = all.GetBuffer().AsSpan(0, (int)all.Length);
        foreach (DataRange range in ranges)
        {
            rest[..(int)range.Length].CopyTo(bytes.AsSpan((int)range.Offset));
            rest = rest[(int)range.Length..];
        }
        return bytes;
    }

    /// <summary>Where a file has data, and where in the host's file that data is.</summary>
    private (List<DataRange> Ranges, List<DataRange> Pieces) PiecesOf(Ext4Inode inode)
    {
        List<Ext4Extent> runs = [];
        if (inode.HasExtents)
        {
            AddExtents(runs, inode.Blocks.Span, null);
        }
        else
        {
            AddBlocks(runs, inode);
        }
        runs.Sort((a, b) => a.Logical.CompareTo(b.Logical));
        List<DataRange> ranges = [];
        List<DataRange> pieces = [];
        foreach (Ext4Extent run in runs)
        {
            long offset = run.Logical * super.BlockBytes;
            long length = Math.Min((long)run.Count * super.BlockBytes, inode.Size - offset);
            if (!run.IsWritten || length <= 0)
            {
                continue;
            }
            long at = run.Physical * super.BlockBytes;
            if (run.Physical <= 0 || at + length > extent.Length || (ranges.Count > 0 && ranges[^1].Offset + ranges[^1].Length > offset))
            {
                throw new InvalidDataException($"ext4: blocks from {run.Physical} on cannot be a file's");
            }
            Append(ranges, offset, length);
            Append(pieces, extent.Offset + at, length);
        }
        return (ranges, pieces);

        static void Append(List<DataRange> list, long offset, long length)
        {
            if (list.Count > 0 && list[^1].Offset + list[^1].Length == offset)
            {
                list[^1] = list[^1] with { Length = list[^1].Length + length };
            }
            else
            {
                list.Add(new DataRange(offset, length));
            }
        }
    }

    private void AddExtents(List<Ext4Extent> runs, ReadOnlySpan<byte> node, int? depth)
    {
        IReadOnlyList<Ext4Extent> entries = Ext4Extent.Read(node, depth, out int found);
        foreach (Ext4Extent entry in entries)
        {
            if (found > 0)
            {
                AddExtents(runs, BlockAt(entry.Physical), found - 1);
            }
            else
            {
                Add(runs, entry);
            }
        }
    }

    /// <summary>ext2 and ext3: twelve blocks, then blocks of numbers of blocks, one to three deep.</summary>
    private void AddBlocks(List<Ext4Extent> runs, Ext4Inode inode)
    {
        const int direct = 12;
        long logical = 0;
        long last = (inode.Size + super.BlockBytes - 1) / super.BlockBytes;
        for (int i = 0; i < direct + 3 && logical < last; i++)
        {
            long block = BinaryPrimitives.ReadUInt32LittleEndian(inode.Blocks.Span[(4 * i)..]);
            AddIndirect(runs, block, Math.Max(0, i - direct + 1), ref logical, last);
        }
    }

    private void AddIndirect(List<Ext4Extent> runs, long block, int depth, ref long logical, long last)
    {
        if (depth == 0 || block == 0)
        {
            if (block != 0)
            {
                Add(runs, new Ext4Extent(logical, 1, block, IsWritten: true));
            }
            logical += (long)Math.Pow(super.BlockBytes / 4, depth);
            return;
        }
        byte[] numbers = BlockAt(block);
        for (int at = 0; at < numbers.Length && logical < last; at += 4)
        {
            AddIndirect(runs, BinaryPrimitives.ReadUInt32LittleEndian(numbers.AsSpan(at)), depth - 1, ref logical, last);
        }
    }

    private static void Add(List<Ext4Extent> runs, Ext4Extent run)
    {
        if (runs.Count > 0 && Follows(runs[^1], run))
        {
            runs[^1] = runs[^1] with { Count = runs[^1].Count + run.Count };
            return;
        }
        if (runs.Count == MostPieces)
        {
            throw new InvalidDataException($"ext4: a file has more than {MostPieces} pieces");
        }
        runs.Add(run);
    }

    private static bool Follows(Ext4Extent before, Ext4Extent after) =>
        before.IsWritten == after.IsWritten
        && before.Logical + before.Count == after.Logical
        && before.Physical + before.Count == after.Physical
        && before.Count < 1 << 28;

    private byte[] BlockAt(long block)
    {
        byte[] bytes = extent.Read(block * super.BlockBytes, super.BlockBytes);
        return block > 0 && bytes.Length == super.BlockBytes
            ? bytes
            : throw new InvalidDataException($"ext4: block {block} is beyond the end: the image was cut or is damaged");
    }

    private Ext4Inode InodeOf(uint number)
    {
        if (number == 0 || number > super.Inodes)
        {
            throw new InvalidDataException($"ext4: there is no inode {number}");
        }
        byte[] descriptor = extent.Read(super.DescriptorOf(number), super.DescriptorBytes);
        if (descriptor.Length < super.DescriptorBytes)
        {
            throw new InvalidDataException("ext4: the descriptors of the groups are cut");
        }
        return Ext4Inode.Read(extent.Read(super.PlaceOf(number, descriptor), super.InodeBytes));
    }

    private TreeEntry EntryOf(Ext4Inode inode, UnixPath path)
    {
        const int typeMask = 0xF000;
        List<ExtendedAttribute> attributes = [.. Ext4Attributes.OfInode(inode.Attributes.Span)];
        if (inode.AttributeBlock > 0)
        {
            attributes.AddRange(Ext4Attributes.OfBlock(BlockAt(inode.AttributeBlock)));
        }
        return new TreeEntry
        {
            Path = path,
            Kind = (inode.Mode & typeMask) switch
            {
                0x4000 => NodeKind.Directory,
                0xA000 => NodeKind.Symlink,
                0x2000 => NodeKind.CharacterDevice,
                0x6000 => NodeKind.BlockDevice,
                0x1000 => NodeKind.Fifo,
                0xC000 => NodeKind.Socket,
                0x8000 => NodeKind.File,
                int other => throw new InvalidDataException($"ext4: /{path} has the type 0x{other:x}"),
            },
            Mode = inode.Mode & 0xFFF,
            Uid = inode.Uid,
            Gid = inode.Gid,
            ModifiedSeconds = inode.ModifiedSeconds,
            ModifiedNanoseconds = inode.ModifiedNanoseconds,
            Attributes = [.. attributes.OrderBy(attribute => attribute.Name, StringComparer.Ordinal)],
        };
    }
}
