using Microsoft.Win32.SafeHandles;
using Rootcast.Formats;
using Rootcast.Formats.Tree;
using Rootcast.Linux;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Initramfs;

/// <summary>A directory that is written to as if it were <c>/</c>: links in it are followed, absolute ones and <c>..</c> too, but never out of it, as the kernel
/// does when it unpacks an initramfs. Each directory is opened from its parent without following links, so nothing can be swapped underneath.</summary>
internal sealed class ConfinedDirectory : IDisposable
{
    /// <summary>What the kernel follows at most in one path (MAXSYMLINKS).</summary>
    private const int MostLinks = 40;

    private const int DirectoryMode = 0x1ED; // 0755
    private const int WhileWriting = 0x180; // 0600

    private readonly SafeFileHandle _root;
    private readonly bool _isRoot = Environment.IsPrivilegedProcess;
    private readonly List<TreeEntry> _directories = [];

    public ConfinedDirectory(string path) => _root = FileNodes.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory);

    /// <summary>Hands out the data of the entry that is being put.</summary>
    public delegate bool DataReader(out ReadOnlySpan<byte> bytes);

    /// <summary>Makes an entry, in place of one that is there.</summary>
    public void Put(TreeEntry entry, DataReader data)
    {
        if (entry.Path.IsEmpty)
        {
            return;
        }
        (UnixPath parentPath, byte[] name) = Split(entry.Path);
        using SafeFileHandle parent = Enter(parentPath);
        if (entry.Kind == NodeKind.Directory)
        {
            PutDirectory(parent, name, entry);
            return;
        }
        if (FileNodes.TryStatus(parent, name, followLinks: false, out FileStatus there, out _))
        {
            FileNodes.Remove(parent, name, there.IsDirectory);
        }
        switch (entry.Kind)
        {
            case NodeKind.File:
                const OpenFlags anew = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
                WriteFile(parent, name, entry, data, anew);
                return;
            case NodeKind.HardLink:
                (UnixPath targetParent, byte[] targetName) = Split(entry.Target);
                using (SafeFileHandle from = Enter(targetParent))
                {
                    FileNodes.MakeLink(from, targetName, parent, name);
                }
                if (entry.Size > 0)
                {
                    // Some writers put the data on the last name.
                    const OpenFlags again = OpenFlags.WriteOnly | OpenFlags.Truncate | OpenFlags.NoFollow | OpenFlags.NonBlocking;
                    WriteFile(parent, name, entry, data, again);
                }
                return;
            case NodeKind.Symlink:
                FileNodes.MakeSymlink(entry.Target.Bytes, parent, name);
                break;
            default:
                FileNodes.MakeNode(parent, name, TypeOf(entry.Kind) | entry.Mode, entry.DeviceMajor, entry.DeviceMinor);
                break;
        }
        if (_isRoot)
        {
            FileNodes.ChangeOwner(parent, name, entry.Uid, entry.Gid);
        }
        FileNodes.SetTimes(parent, name, entry.ModifiedSeconds, entry.ModifiedNanoseconds);
    }

    /// <summary>Gives directories their modes and times, which would have been in the way before.</summary>
    public void Finish()
    {
        for (int i = _directories.Count - 1; i >= 0; i--)
        {
            TreeEntry entry = _directories[i];
            (UnixPath parentPath, byte[] name) = Split(entry.Path);
            using SafeFileHandle parent = Enter(parentPath);
            if (FileNodes.TryStatus(parent, name, followLinks: false, out FileStatus there, out _) && there.IsDirectory)
            {
                FileNodes.ChangeMode(parent, name, entry.Mode);
                FileNodes.SetTimes(parent, name, entry.ModifiedSeconds, entry.ModifiedNanoseconds);
            }
        }
    }

    public void Dispose() => _root.Dispose();

    private static int TypeOf(NodeKind kind) =>
        kind switch
        {
            NodeKind.CharacterDevice => FileStatus.TypeCharacterDevice,
            NodeKind.BlockDevice => FileStatus.TypeBlockDevice,
            NodeKind.Fifo => FileStatus.TypeFifo,
            _ => FileStatus.TypeSocket,
        };

    private static (UnixPath Parent, byte[] Name) Split(UnixPath path)
    {
        int slash = path.Bytes.LastIndexOf((byte)'/');
        byte[] name = path.Bytes[(slash + 1)..].ToArray();
        return name.AsSpan().SequenceEqual(".."u8)
            ? throw new InvalidDataException($"the entry '{path}' ends in '..'")
            : (new UnixPath(slash < 0 ? default : path.Memory[..slash]), name);
    }

    private void PutDirectory(SafeFileHandle parent, byte[] name, TreeEntry entry)
    {
        if (FileNodes.TryStatus(parent, name, followLinks: false, out FileStatus there, out _))
        {
            if (there.IsDirectory || there.IsSymlink)
            {
                return;
            }
            FileNodes.Remove(parent, name);
        }
        FileNodes.MakeDirectory(parent, name, DirectoryMode);
        if (_isRoot)
        {
            FileNodes.ChangeOwner(parent, name, entry.Uid, entry.Gid);
        }
        _directories.Add(entry);
    }

    private void WriteFile(SafeFileHandle parent, byte[] name, TreeEntry entry, DataReader data, OpenFlags flags)
    {
        using SafeFileHandle file = FileNodes.Open(parent, name, flags, WhileWriting);
        string target = entry.Path.ToString();
        while (data(out ReadOnlySpan<byte> bytes))
        {
            FileData.Write(file, bytes, target);
        }
        if (_isRoot)
        {
            FileNodes.ChangeOwner(file, entry.Uid, entry.Gid);
        }
        FileNodes.ChangeMode(file, entry.Mode);
        FileNodes.SetTimes(file, entry.ModifiedSeconds, entry.ModifiedNanoseconds);
    }

    /// <summary>Opens a directory; one that is missing is made, as GNU cpio does with -d.</summary>
    private SafeFileHandle Enter(UnixPath path)
    {
        List<byte[]> left = Components(path.Bytes);
        List<byte[]> done = [];
        int links = 0;
        SafeFileHandle here = OpenRoot();
        try
        {
            while (left.Count > 0)
            {
                byte[] name = left[0];
                left.RemoveAt(0);
                SafeFileHandle next;
                if (name.AsSpan().SequenceEqual(".."u8))
                {
                    // The parent of the root is the root.
                    left.InsertRange(0, done.Count > 0 ? done.GetRange(0, done.Count - 1) : []);
                    done.Clear();
                    next = OpenRoot();
                }
                else if (FileNodes.TryStatus(here, name, followLinks: false, out FileStatus there, out _) && there.IsSymlink)
                {
                    if (++links > MostLinks)
                    {
                        throw new InvalidDataException($"the links on the way to '{path}' go round in circles");
                    }
                    byte[] target = FileNodes.ReadLink(here, name);
                    bool absolute = target.AsSpan().StartsWith("/"u8);
                    left.InsertRange(0, absolute ? Components(target) : [.. done, .. Components(target)]);
                    done.Clear();
                    next = OpenRoot();
                }
                else
                {
                    next = OpenOrMake(here, name, path);
                    done.Add(name);
                }
                here.Dispose();
                here = next;
            }
            return here;
        }
        catch
        {
            here.Dispose();
            throw;
        }
    }

    private SafeFileHandle OpenRoot() => FileNodes.Open(_root, "."u8, OpenFlags.ReadOnly | OpenFlags.Directory);

    private static SafeFileHandle OpenOrMake(SafeFileHandle parent, byte[] name, UnixPath path)
    {
        const OpenFlags flags = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow;
        SafeFileHandle found = FileNodes.TryOpen(parent, name, flags, 0, out int errno);
        if (errno == 0)
        {
            return found;
        }
        found.Dispose();
        if (errno != Errno.NoEntry)
        {
            throw new InvalidDataException($"a part of '{path}' is not a directory: {Errno.Describe(errno)}");
        }
        FileNodes.MakeDirectory(parent, name, DirectoryMode);
        return FileNodes.Open(parent, name, flags);
    }

    private static List<byte[]> Components(ReadOnlySpan<byte> path)
    {
        List<byte[]> components = [];
        foreach (Range range in path.Split((byte)'/'))
        {
            ReadOnlySpan<byte> component = path[range];
            if (!component.IsEmpty && !component.SequenceEqual("."u8))
            {
                components.Add(component.ToArray());
            }
        }
        return components;
    }
}
