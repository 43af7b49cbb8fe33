using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Init.Journal;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Handover;

/// <summary>Copies the files of one machine (<see cref="InitramfsPaths.NodeTree"/>) into the tree. They belong to root, have the modes that they have in the
/// initramfs, and replace what the tree has under their names; directories and links of the tree stay what they are.</summary>
public sealed class NodeFiles
{
    private const string New = ".rootcast-new";
    private readonly byte[] buffer = new byte[1 << 16];

    /// <summary>How many files and links were copied.</summary>
    public int Count { get; private set; }

    /// <summary>What could not be copied, and why.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Copies them, when there are any. What fails is on screen, and the boot goes on: a machine that can be reached is worth more than one that
    /// stands still.</summary>
    /// <param name="journal">Where it is told.</param>
    /// <param name="root">Where the tree is mounted.</param>
    public static void Place(BootJournal journal, string root)
    {
        using SafeFileHandle tree = FileNodes.TryOpen(
            null,
            Encoding.UTF8.GetBytes(InitramfsPaths.NodeTree),
            OpenFlags.ReadOnly | OpenFlags.Directory,
            0,
            out int errno
        );
        if (errno != 0)
        {
            return;
        }
        NodeFiles files = new();
        // The tree's symbolic links are to be followed as they will be when it is the root: /lib is a link, and an absolute one must not lead into the
        // initramfs. The working directory stays outside, and leads back.
        WorkingRoot.ChangeDirectory("/");
        WorkingRoot.ChangeRoot(root);
        try
        {
            files.Copy(tree, "");
        }
        finally
        {
            WorkingRoot.ChangeRoot(".");
        }
        foreach (string problem in files.Problems)
        {
            journal.Problem($"node: {problem}");
        }
        journal.Say($"{files.Count} files of this node are in the tree");
    }

    /// <summary>Copies what is in a directory.</summary>
    /// <param name="from">The directory.</param>
    /// <param name="to">Path of an existing directory, without a slash at its end.</param>
    public void Copy(SafeFileHandle from, string to)
    {
        foreach (DirectoryItem item in DirectoryListing.Read(from, InitramfsPaths.NodeTree))
        {
            string path = $"{to}/{Encoding.UTF8.GetString(item.Name)}";
            try
            {
                if (item.Type == FileStatus.TypeDirectory)
                {
                    CopyDirectory(from, item.Name, path);
                    continue;
                }
                CopyNode(from, item, path);
                Count++;
            }
            catch (LinuxException error)
            {
                Problems.Add(error.Message);
            }
        }
    }

    private void CopyDirectory(SafeFileHandle from, byte[] name, string path)
    {
        using SafeFileHandle below = FileNodes.Open(from, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        byte[] place = Encoding.UTF8.GetBytes(path);
        if (!FileNodes.TryStatus(null, place, followLinks: true, out FileStatus there, out _))
        {
            FileNodes.MakeDirectory(null, place, 0x1C0);
            FileNodes.ChangeMode(null, place, FileNodes.Status(below).Mode & 0xFFF);
        }
        else if (!there.IsDirectory)
        {
            Problems.Add($"{path} is no directory in the tree, so nothing can be put below it");
            return;
        }
        Copy(below, path);
    }

    private void CopyNode(SafeFileHandle from, DirectoryItem item, string path)
    {
        byte[] place = Encoding.UTF8.GetBytes(path);
        byte[] beside = Encoding.UTF8.GetBytes(path + New);
        if (item.Type == FileStatus.TypeSymlink)
        {
            FileNodes.MakeSymlink(FileNodes.ReadLink(from, item.Name), null, beside);
        }
        else
        {
            using SafeFileHandle source = FileNodes.Open(from, item.Name, OpenFlags.ReadOnly | OpenFlags.NoFollow);
            using SafeFileHandle target = FileNodes.Open(
                null,
                beside,
                OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow,
                0x180
            );
            while (FileData.Read(source, buffer, path) is var got and > 0)
            {
                FileData.Write(target, buffer.AsSpan(0, got), path);
            }
            FileNodes.ChangeOwner(target, 0, 0);
            FileNodes.ChangeMode(target, FileNodes.Status(source).Mode & 0xFFF);
        }
        try
        {
            FileNodes.Rename(null, beside, null, place);
        }
        catch (LinuxException)
        {
            FileNodes.TryRemove(null, beside, isDirectory: false, out _);
            throw;
        }
    }
}
