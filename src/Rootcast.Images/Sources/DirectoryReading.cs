using Microsoft.Win32.SafeHandles;
using Rootcast.Formats;
using Rootcast.Formats.Tree;
using Rootcast.Images.Trees;
using Rootcast.Linux;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Sources;

/// <summary>Makes a tree out of what a walk has seen: attributes, holes and link targets are read now, the files' bytes when they are written.</summary>
internal static class DirectoryReading
{
    /// <summary>The tree.</summary>
    /// <param name="walk">The walk; its directory stays open as long as the tree.</param>
    /// <param name="skipped">Told the sockets, which no archive holds.</param>
    /// <param name="cancellation">Stops between files.</param>
    internal static FileTree Read(DirectoryWalk walk, Action<UnixPath> skipped, CancellationToken cancellation)
    {
        FileTree tree = new();
        tree.Own(walk);
        Dictionary<(ulong Device, ulong Inode), TreeInode> seen = [];
        foreach (WalkedNode node in walk.Nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            if (node.Status.Type == FileStatus.TypeSocket)
            {
                skipped(node.Path);
                continue;
            }
            bool mayHaveNames = node.Status.Links > 1 && !node.Status.IsDirectory;
            if (mayHaveNames && seen.TryGetValue((node.Status.Device, node.Status.Inode), out TreeInode? known))
            {
                tree.Put(node.Path, known);
                continue;
            }
            TreeInode inode = DirectoryWalk.Guard(walk.Path, node.Path, () => ReadNode(walk, node));
            if (mayHaveNames)
            {
                seen.Add((node.Status.Device, node.Status.Inode), inode);
            }
            tree.Put(node.Path, inode);
        }
        return tree;
    }

    private static TreeInode ReadNode(DirectoryWalk walk, WalkedNode node)
    {
        FileStatus status = node.Status;
        TreeEntry entry = new()
        {
            Path = node.Path,
            Kind = KindOf(status),
            Mode = status.Permissions,
            Uid = status.Uid,
            Gid = status.Gid,
            ModifiedSeconds = status.ModifiedSeconds,
            ModifiedNanoseconds = status.ModifiedNanoseconds,
        };
        switch (entry.Kind)
        {
            case NodeKind.File:
                return ReadFile(walk, node, entry);
            case NodeKind.Directory:
                OpenFlags flags = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow;
                using (SafeFileHandle? handle = node.Path.IsEmpty ? null : FileNodes.Open(walk.Root, node.Path.Bytes, flags))
                {
                    return new TreeInode(entry with { Attributes = AttributesOf(handle ?? walk.Root) });
                }
            case NodeKind.Symlink:
                UnixPath target = new(FileNodes.ReadLink(walk.Root, node.Path.Bytes));
                return new TreeInode(entry with { Target = target, Attributes = AttributesOf(walk, node.Path) });
            case NodeKind.CharacterDevice or NodeKind.BlockDevice:
                entry = entry with { DeviceMajor = status.NodeMajor, DeviceMinor = status.NodeMinor };
                return new TreeInode(entry with { Attributes = AttributesOf(walk, node.Path) });
            default:
                return new TreeInode(entry with { Attributes = AttributesOf(walk, node.Path) });
        }
    }

    private static TreeInode ReadFile(DirectoryWalk walk, WalkedNode node, TreeEntry entry)
    {
        OpenFlags flags = OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking;
        using SafeFileHandle file = FileNodes.Open(walk.Root, node.Path.Bytes, flags);
        entry = entry with
        {
            Size = node.Status.Size,
            Attributes = AttributesOf(file),
            DataRanges = node.Status.AllocatedBytes < node.Status.Size ? RangesOf(file, node.Status.Size) : null,
        };
        return new TreeInode(entry, entry.Size > 0 ? new DiskData(walk, node.Path) : null);
    }

    /// <summary>Where the file has data; null when that is everywhere, as on file systems that compress.</summary>
    private static List<DataRange>? RangesOf(SafeFileHandle file, long size)
    {
        List<DataRange> ranges = [];
        for (long at = 0; at < size; )
        {
            long data = FileData.SeekData(file, at);
            if (data < 0 || data >= size)
            {
                break;
            }
            long hole = FileData.SeekHole(file, data);
            long end = hole < 0 ? size : Math.Min(hole, size);
            ranges.Add(new DataRange(data, end - data));
            at = end;
        }
        return ranges is [{ Offset: 0 } only] && only.Length == size ? null : ranges;
    }

    private static NodeKind KindOf(FileStatus status) =>
        status.Type switch
        {
            FileStatus.TypeDirectory => NodeKind.Directory,
            FileStatus.TypeSymlink => NodeKind.Symlink,
            FileStatus.TypeCharacterDevice => NodeKind.CharacterDevice,
            FileStatus.TypeBlockDevice => NodeKind.BlockDevice,
            FileStatus.TypeFifo => NodeKind.Fifo,
            _ => NodeKind.File,
        };

    private static List<ExtendedAttribute> AttributesOf(SafeFileHandle file) =>
        Collect(ExtendedAttributes.Names(file), name => ExtendedAttributes.Get(file, name));

    /// <summary>Of a node that cannot be opened without effect: by its path, in which nothing but the last part may be a link.</summary>
    private static List<ExtendedAttribute> AttributesOf(DirectoryWalk walk, UnixPath path)
    {
        // xattr calls that start at a directory handle came with Linux 6.13; /proc gives the handle a path.
        byte[] absolute = [.. System.Text.Encoding.UTF8.GetBytes($"/proc/self/fd/{walk.Root.DangerousGetHandle()}/"), .. path.Bytes];
        return Collect(ExtendedAttributes.Names(absolute), name => ExtendedAttributes.Get(absolute, name));
    }

    private static List<ExtendedAttribute> Collect(IReadOnlyList<string> names, Func<string, byte[]?> get)
    {
        if (names.Count == 0)
        {
            return [];
        }
        List<ExtendedAttribute> attributes = [];
        foreach (string name in names)
        {
            try
            {
                if (get(name) is { } value)
                {
                    attributes.Add(new ExtendedAttribute(name, value));
                }
            }
            catch (LinuxException error) when (error.Number == Errno.NotSupported)
            {
                // Some file systems list names that they do not tell (NFS: system.nfs4_acl).
                continue;
            }
        }
        return attributes;
    }
}
