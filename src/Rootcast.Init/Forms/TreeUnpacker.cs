using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Formats;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;
using Rootcast.Linux;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Forms;

/// <summary>Unpacks an archive into an empty directory with all that a tree has: owners, modes, times, extended attributes, devices, hard
/// links, holes. Nothing is ever written outside the directory: no part of a path is followed through a symbolic link.</summary>
public sealed class TreeUnpacker : IDisposable
{
    /// <summary>Bytes of data between two looks at memory.</summary>
    private const long SampleBytes = 8 << 20;
    private readonly string rootPath;
    private readonly Action? sample;
    private readonly SafeFileHandle root;
    private readonly DirectoryChain parents;
    private readonly DirectoryChain linkTargets;
    private readonly List<TreeEntry> directories = [];
    private readonly HashSet<string> dropped = new(StringComparer.Ordinal);

    /// <summary>Opens the directory that becomes the root.</summary>
    /// <param name="rootPath">The directory.</param>
    /// <param name="sample">Called now and then while memory fills.</param>
    public TreeUnpacker(string rootPath, Action? sample = null)
    {
        this.sample = sample;
        this.rootPath = rootPath;
        root = FileNodes.Open(rootPath, OpenFlags.ReadOnly | OpenFlags.Directory);
        parents = new DirectoryChain(root);
        linkTargets = new DirectoryChain(root);
    }

    /// <summary>How many entries there were.</summary>
    public long Entries { get; private set; }

    /// <summary>How many bytes of files were written; holes do not count.</summary>
    public long DataBytes { get; private set; }

    /// <summary>Names of attributes that the file system cannot keep (tmpfs keeps <c>user.*</c> only since Linux 6.6).</summary>
    public IReadOnlyCollection<string> DroppedAttributes => dropped;

    /// <summary>Unpacks everything. The archive must end as archives do: one that was cut is refused.</summary>
    public void Unpack(TarReader archive)
    {
        long sampled = 0;
        while (archive.Next() is { } entry)
        {
            Add(entry, archive);
            Entries++;
            if (DataBytes - sampled >= SampleBytes)
            {
                sampled = DataBytes;
                sample?.Invoke();
            }
        }
        if (!archive.EndMarkSeen)
        {
            throw new InvalidDataException($"the archive ends after {Entries} entries without its end mark: it is cut");
        }
        // What was put into a directory has changed its time, so directories get theirs at the end.
        foreach (TreeEntry directory in directories)
        {
            FileNodes.SetTimes(parents.Open(directory.Path, create: false), directory.ModifiedSeconds, directory.ModifiedNanoseconds);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        parents.Dispose();
        linkTargets.Dispose();
        root.Dispose();
    }

    private void Add(TreeEntry entry, TarReader archive)
    {
        if (entry.Kind == NodeKind.Directory)
        {
            AddDirectory(entry);
            return;
        }
        Split(entry.Path, out UnixPath parentPath, out UnixPath name);
        if (name.IsEmpty)
        {
            throw new InvalidDataException($"the archive's root is a {entry.Kind}, not a directory");
        }
        SafeFileHandle parent = parents.Open(parentPath, create: true);
        switch (entry.Kind)
        {
            case NodeKind.File:
                AddFile(entry, parent, name.Bytes, archive);
                return;
            case NodeKind.HardLink:
                Split(entry.Target, out UnixPath targetParent, out UnixPath target);
                SafeFileHandle existing = linkTargets.Open(targetParent, create: false);
                Replacing(parent, name.Bytes, place => FileNodes.MakeLink(existing, target.Bytes, parent, place.Bytes));
                return;
            case NodeKind.Symlink:
                Replacing(parent, name.Bytes, place => FileNodes.MakeSymlink(entry.Target.Bytes, parent, place.Bytes));
                break;
            default:
                int mode = TypeOf(entry.Kind) | entry.Mode;
                Replacing(parent, name.Bytes, place => FileNodes.MakeNode(parent, place.Bytes, mode, entry.DeviceMajor, entry.DeviceMinor));
                break;
        }
        FileNodes.ChangeOwner(parent, name.Bytes, entry.Uid, entry.Gid);
        if (entry.Kind != NodeKind.Symlink)
        {
            FileNodes.ChangeMode(parent, name.Bytes, entry.Mode);
        }
        foreach (ExtendedAttribute attribute in entry.Attributes)
        {
            byte[] path = [.. Encoding.UTF8.GetBytes(rootPath), (byte)'/', .. entry.Path.Bytes];
            Keep(attribute, () => ExtendedAttributes.Set(path, attribute.Name, attribute.Value.Span));
        }
        FileNodes.SetTimes(parent, name.Bytes, entry.ModifiedSeconds, entry.ModifiedNanoseconds);
    }

    private void AddDirectory(TreeEntry entry)
    {
        SafeFileHandle directory = parents.Open(entry.Path, create: true);
        SetOwnerModeAttributes(directory, entry);
        directories.Add(entry);
    }

    private void AddFile(TreeEntry entry, SafeFileHandle parent, ReadOnlySpan<byte> name, TarReader archive)
    {
        const OpenFlags flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
        const int ownerOnly = 0x180;
        SafeFileHandle file = FileNodes.TryOpen(parent, name, flags, ownerOnly, out int errno);
        if (errno == Errno.Exists)
        {
            file.Dispose();
            FileNodes.Remove(parent, name);
            file = FileNodes.TryOpen(parent, name, flags, ownerOnly, out errno);
        }
        using (file)
        {
            if (errno != 0)
            {
                throw Syscall.Failed("create", entry.Path.ToString(), errno);
            }
            string target = Describe(entry);
            long end = 0;
            while (archive.ReadData(out long offset, out ReadOnlySpan<byte> bytes))
            {
                FileData.WriteAt(file, bytes, offset, target);
                end = offset + bytes.Length;
                DataBytes += bytes.Length;
            }
            if (end < entry.Size)
            {
                FileData.SetLength(file, entry.Size, target);
            }
            SetOwnerModeAttributes(file, entry);
            FileNodes.SetTimes(file, entry.ModifiedSeconds, entry.ModifiedNanoseconds);
        }
    }

    /// <summary>In this order: a change of owner clears setuid, setgid and file capabilities.</summary>
    private void SetOwnerModeAttributes(SafeFileHandle node, TreeEntry entry)
    {
        FileNodes.ChangeOwner(node, entry.Uid, entry.Gid);
        FileNodes.ChangeMode(node, entry.Mode);
        foreach (ExtendedAttribute attribute in entry.Attributes)
        {
            Keep(attribute, () => ExtendedAttributes.Set(node, attribute.Name, attribute.Value.Span));
        }
    }

    private void Keep(ExtendedAttribute attribute, Action set)
    {
        try
        {
            set();
        }
        catch (LinuxException error) when (error.Number == Errno.NotSupported)
        {
            dropped.Add(attribute.Name);
        }
    }

    /// <summary>Makes a name; an archive may have it twice, and the later counts.</summary>
    private static void Replacing(SafeFileHandle parent, ReadOnlySpan<byte> name, Action<UnixPath> make)
    {
        UnixPath place = new(name.ToArray());
        try
        {
            make(place);
        }
        catch (LinuxException error) when (error.Number == Errno.Exists)
        {
            FileNodes.Remove(parent, name);
            make(place);
        }
    }

    private static void Split(UnixPath path, out UnixPath parent, out UnixPath name)
    {
        int slash = path.Bytes.LastIndexOf((byte)'/');
        parent = slash < 0 ? default : new UnixPath(path.Memory[..slash]);
        name = new UnixPath(path.Memory[(slash + 1)..]);
    }

    private static int TypeOf(NodeKind kind) =>
        kind switch
        {
            NodeKind.CharacterDevice => FileStatus.TypeCharacterDevice,
            NodeKind.BlockDevice => FileStatus.TypeBlockDevice,
            NodeKind.Fifo => FileStatus.TypeFifo,
            _ => FileStatus.TypeSocket,
        };

    /// <summary>The path as text only where an error may need it: most paths are plain, and most writes go well.</summary>
    private static string Describe(TreeEntry entry) => Encoding.UTF8.GetString(entry.Path.Bytes);
}
