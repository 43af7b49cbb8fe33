using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Images.Trees;
using Rootcast.Linux;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Sources;

/// <summary>
/// What names are in a directory and what the file system says of each: by descriptors and bytes, following no links, staying on the file
/// system of the root. Two walks that say the same saw the same files: every change of a file moves its ctime.
/// </summary>
internal sealed class DirectoryWalk : IDisposable
{
    private DirectoryWalk(SafeFileHandle root, string path, WalkedNode[] nodes, bool hasMounts)
    {
        Root = root;
        Path = path;
        Nodes = nodes;
        HasMounts = hasMounts;
    }

    /// <summary>The directory, open.</summary>
    internal SafeFileHandle Root { get; }

    /// <summary>Its path on this host.</summary>
    internal string Path { get; }

    /// <summary>Every name, sorted.</summary>
    internal IReadOnlyList<WalkedNode> Nodes { get; }

    /// <summary>Whether other file systems are mounted below: their contents are not in the walk.</summary>
    internal bool HasMounts { get; }

    /// <summary>Walks through it.</summary>
    /// <exception cref="UserError">Something cannot be read.</exception>
    internal static DirectoryWalk Take(string path, CancellationToken cancellation) =>
        Take(Guard(path, default, () => FileNodes.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory)), path, cancellation);

    /// <summary>Walks through an open directory, which need not have a path any more.</summary>
    /// <param name="root">The directory; the walk closes it.</param>
    /// <param name="path">What it is called in errors.</param>
    /// <param name="cancellation">Stops between directories.</param>
    /// <exception cref="UserError">Something cannot be read.</exception>
    internal static DirectoryWalk Take(SafeFileHandle root, string path, CancellationToken cancellation)
    {
        List<WalkedNode> nodes = [];
        WalkedNode top = new(default, FileNodes.Status(root));
        nodes.Add(top);
        bool hasMounts = false;
        Stack<UnixPath> waiting = new([default]);
        while (waiting.TryPop(out UnixPath directory))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (WalkedNode node in Guard(path, directory, () => List(root, directory)))
            {
                nodes.Add(node);
                if (!node.Status.IsDirectory)
                {
                    continue;
                }
                if (node.Status.Device == top.Status.Device)
                {
                    waiting.Push(node.Path);
                }
                else
                {
                    hasMounts = true;
                }
            }
        }
        nodes.Sort((a, b) => a.Path.CompareTo(b.Path));
        return new DirectoryWalk(root, path, [.. nodes], hasMounts);
    }

    /// <summary>Adds all that it saw to a key.</summary>
    internal void AddTo(CacheKey key)
    {
        byte[] record = new byte[8 * 8];
        foreach (WalkedNode node in Nodes)
        {
            FileStatus status = node.Status;
            ReadOnlySpan<long> fields =
            [
                status.Mode,
                ((long)status.Uid << 32) | status.Gid,
                status.Size,
                (long)status.Inode,
                ((long)status.NodeMajor << 32) | status.NodeMinor,
                status.ModifiedSeconds,
                status.ChangedSeconds,
                ((long)status.ModifiedNanoseconds << 32) | (uint)status.ChangedNanoseconds,
            ];
            for (int i = 0; i < fields.Length; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8 * i), fields[i]);
            }
            key.Add("path", node.Path.Bytes).Add("status", record);
        }
    }

    /// <summary>The first name about which two walks differ, or null.</summary>
    internal static UnixPath? FirstDifference(DirectoryWalk before, DirectoryWalk after)
    {
        for (int i = 0; i < before.Nodes.Count || i < after.Nodes.Count; i++)
        {
            if (i >= after.Nodes.Count)
            {
                return before.Nodes[i].Path;
            }
            // A time of last access is not in it: reading is no change.
            if (i >= before.Nodes.Count || before.Nodes[i] != after.Nodes[i])
            {
                return after.Nodes[i].Path;
            }
        }
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => Root.Dispose();

    /// <summary>Does something with a name, and says so in words when the system does not let us.</summary>
    internal static T Guard<T>(string root, UnixPath path, Func<T> work)
    {
        string shown = path.IsEmpty ? root : $"{root.TrimEnd('/')}/{path}";
        try
        {
            return work();
        }
        catch (LinuxException error) when (error.Number is Errno.AccessDenied or Errno.NotPermitted)
        {
            throw new UserError(
                $"{shown} cannot be read: {Errno.Describe(error.Number)}",
                "Run this as root, or let root make a tar of the directory and name that in the recipe.",
                cause: error
            );
        }
        catch (LinuxException error) when (error.Number is Errno.NoEntry or Errno.NotDirectory && path.IsEmpty)
        {
            throw new UserError($"{shown} is no directory that is there", "Check source.directory.", UserErrorKind.Input, error);
        }
        catch (LinuxException error) when (error.Number is Errno.NoEntry)
        {
            throw Changed(shown, error);
        }
    }

    /// <summary>The error for a tree that does not hold still.</summary>
    internal static UserError Changed(string path, Exception? cause = null) =>
        new(
            $"{path} was changed while it was read",
            "Stop what writes into the tree, or take a snapshot of it, and build again.",
            cause: cause
        );

    private static List<WalkedNode> List(SafeFileHandle root, UnixPath directory)
    {
        using SafeFileHandle? opened = directory.IsEmpty
            ? null
            : FileNodes.Open(root, directory.Bytes, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (opened is null)
        {
            FileData.Seek(root, 0);
        }
        List<WalkedNode> found = [];
        foreach (DirectoryItem item in DirectoryListing.Read(opened ?? root))
        {
            byte[] path = directory.IsEmpty ? item.Name : [.. directory.Bytes, (byte)'/', .. item.Name];
            found.Add(new WalkedNode(new UnixPath(path), FileNodes.Status(opened ?? root, item.Name)));
        }
        return found;
    }
}
