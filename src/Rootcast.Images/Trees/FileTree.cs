using System.Text;
using Rootcast.Formats;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Trees;

/// <summary>A whole tree in memory but for its files' bytes: names, and the nodes that they name. Paths are looked up as in a chroot: symbolic
/// links in directories are followed and never lead out.</summary>
internal sealed class FileTree : IDisposable
{
    private const int MostLinks = 40;
    private readonly Dictionary<UnixPath, TreeInode> nodes = [];
    private readonly List<IDisposable> owned = [];

    /// <summary>How many names there are.</summary>
    internal int Count => nodes.Count;

    /// <summary>Every name with its node, sorted by the bytes of the names: a directory comes before what is in it.</summary>
    internal IEnumerable<KeyValuePair<UnixPath, TreeInode>> Sorted()
    {
        KeyValuePair<UnixPath, TreeInode>[] all = [.. nodes];
        Array.Sort(all, (a, b) => a.Key.CompareTo(b.Key));
        return all;
    }

    /// <summary>Keeps something open as long as the tree: the archive that its data is in.</summary>
    internal void Own(IDisposable resource) => owned.Add(resource);

    /// <summary>The node of that name, without following a link in its last part.</summary>
    internal TreeInode? Find(UnixPath path) => nodes.GetValueOrDefault(Resolve(path));

    /// <summary>The node that a path leads to at last, with its own path.</summary>
    internal TreeInode? Follow(UnixPath path, out UnixPath real)
    {
        real = Resolve(path);
        for (int links = 0; links < MostLinks && nodes.TryGetValue(real, out TreeInode? node); links++)
        {
            if (node.Entry.Kind != NodeKind.Symlink)
            {
                return node;
            }
            real = Resolve(Join(Parent(real), node.Entry.Target));
        }
        return null;
    }

    /// <summary>Names a node. What had the name loses it; a directory stays a directory, and only its owner, mode and times change.</summary>
    /// <exception cref="InvalidDataException">The path leads through something that is no directory, or would replace a directory that is not
    /// empty.</exception>
    internal void Put(UnixPath path, TreeInode inode)
    {
        UnixPath real = Resolve(path);
        if (
            nodes.TryGetValue(real, out TreeInode? old)
            && old.Entry.Kind == NodeKind.Directory
            && inode.Entry.Kind != NodeKind.Directory
            && nodes.Keys.Any(name => IsBelow(name, real))
        )
        {
            throw new InvalidDataException($"/{real} is a directory that is not empty, and something else takes its name");
        }
        MakeParents(real, inode.Entry.ModifiedSeconds);
        nodes[real] = inode;
    }

    /// <summary>Puts another node in place of one, under all of its names.</summary>
    internal void Replace(TreeInode old, TreeInode inode)
    {
        foreach (UnixPath name in nodes.Where(pair => ReferenceEquals(pair.Value, old)).Select(pair => pair.Key).ToArray())
        {
            nodes[name] = inode;
        }
    }

    /// <summary>The same names and nodes, which this tree goes on owning.</summary>
    internal FileTree Share()
    {
        FileTree shared = new();
        foreach ((UnixPath name, TreeInode inode) in nodes)
        {
            shared.nodes.Add(name, inode);
        }
        return shared;
    }

    /// <summary>Makes the missing directories above a path: root's, 0755.</summary>
    internal void MakeParents(UnixPath path, long modifiedSeconds)
    {
        if (path.IsEmpty)
        {
            return;
        }
        UnixPath parent = Parent(path);
        if (nodes.TryGetValue(parent, out TreeInode? node))
        {
            if (node.Entry.Kind != NodeKind.Directory)
            {
                throw new InvalidDataException($"/{path} is below /{parent}, which is no directory");
            }
            return;
        }
        MakeParents(parent, modifiedSeconds);
        const int mode = 0x1ED;
        nodes[parent] = new TreeInode(
            new TreeEntry
            {
                Path = parent,
                Kind = NodeKind.Directory,
                Mode = mode,
                ModifiedSeconds = modifiedSeconds,
            }
        );
    }

    /// <summary>Where a path really is: with the links in its directories followed, the last part left as it is.</summary>
    internal UnixPath Resolve(UnixPath path) => Resolve(path, 0);

    /// <summary>The text of a small file, or null when there is none.</summary>
    internal string? ReadText(string path)
    {
        TreeInode? node = Follow(UnixPath.From(path), out _);
        return node?.Entry.Kind == NodeKind.File ? Encoding.Latin1.GetString(node.Data?.ReadAll(node.Entry) ?? []) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable resource in owned)
        {
            resource.Dispose();
        }
    }

    private static UnixPath Parent(UnixPath path)
    {
        int slash = path.Bytes.LastIndexOf((byte)'/');
        return slash < 0 ? default : new UnixPath(path.Memory[..slash]);
    }

    private static bool IsBelow(UnixPath name, UnixPath directory) =>
        directory.IsEmpty
            ? !name.IsEmpty
            : name.Bytes.Length > directory.Bytes.Length
                && name.Bytes[directory.Bytes.Length] == '/'
                && name.Bytes.StartsWith(directory.Bytes);

    /// <summary>A link's target seen from the directory that holds the link; <c>..</c> above the root stays at the root.</summary>
    private static UnixPath Join(UnixPath directory, UnixPath target)
    {
        List<byte[]> parts = [];
        bool isAbsolute = target.Bytes is [(byte)'/', ..];
        foreach (UnixPath piece in isAbsolute ? [target] : new[] { directory, target })
        {
            foreach (Range range in piece.Bytes.Split((byte)'/'))
            {
                ReadOnlySpan<byte> part = piece.Bytes[range];
                if (part.SequenceEqual(".."u8))
                {
                    parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
                }
                else if (!part.IsEmpty && !part.SequenceEqual("."u8))
                {
                    parts.Add(part.ToArray());
                }
            }
        }
        return Assemble(parts);
    }

    private static UnixPath Assemble(List<byte[]> parts)
    {
        byte[] bytes = new byte[Math.Max(0, parts.Sum(part => part.Length + 1) - 1)];
        int at = 0;
        foreach (byte[] part in parts)
        {
            part.CopyTo(bytes, at);
            at += part.Length;
            if (at < bytes.Length)
            {
                bytes[at++] = (byte)'/';
            }
        }
        return new UnixPath(bytes);
    }

    private UnixPath Resolve(UnixPath path, int links)
    {
        for (int at = 0; at < path.Bytes.Length; )
        {
            int slash = path.Bytes[at..].IndexOf((byte)'/');
            if (slash < 0)
            {
                break;
            }
            UnixPath directory = new(path.Memory[..(at + slash)]);
            if (nodes.TryGetValue(directory, out TreeInode? node) && node.Entry.Kind == NodeKind.Symlink)
            {
                if (links >= MostLinks)
                {
                    throw new InvalidDataException($"/{path} leads through more than {MostLinks} symbolic links");
                }
                UnixPath target = Join(Parent(directory), node.Entry.Target);
                UnixPath rest = new(path.Memory[(at + slash + 1)..]);
                return Resolve(Join(target, rest), links + 1);
            }
            at += slash + 1;
        }
        return path;
    }
}
