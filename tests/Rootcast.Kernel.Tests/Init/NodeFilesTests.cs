using Microsoft.Win32.SafeHandles;
using Rootcast.Init.Handover;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Tests;

/// <summary>Copying a node's files into a tree; that the tree's links are followed inside of it is seen in a machine (SegmentTests).</summary>
public sealed class NodeFilesTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rootcast-node").FullName;

    public NodeFilesTests() => Host.NeedsRoot();

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Files_replace_what_the_tree_has_and_its_directories_and_links_stay()
    {
        Write("node/etc/motd", "new", "600");
        Write("node/lib/x", "x", "755");
        Write("node/made/here", "", "644");
        Host.Run("chmod", "2750", Path.Combine(directory, "node/made"));
        Host.Run("ln", "-s", "target", Path.Combine(directory, "node/etc/link"));
        Write("tree/etc/motd", "old", "644");
        Write("tree/etc/link", "a file", "644");
        Write("tree/usr/lib/y", "y", "644");
        Host.Run("ln", "-s", "usr/lib", Path.Combine(directory, "tree/lib"));
        Host.Run("chown", "1:1", Path.Combine(directory, "tree/etc/motd"));
        NodeFiles files = Copy();
        Assert.Empty(files.Problems);
        Assert.Equal(4, files.Count);
        Assert.Equal(
            """
            /etc/link l 777 target
            /etc/motd f 600 0:0
            /lib l 777 usr/lib
            /made d 2750
            /made/here f 644 0:0
            /usr/lib/x f 755 0:0
            """,
            Host.Run(
                    "sh",
                    "-ec",
                    $"cd {directory}/tree; for f in etc/link etc/motd lib made made/here usr/lib/x; do find $f -maxdepth 0 "
                        + "'(' -type d -printf '/%p %y %m\\n' ')' -o '(' -type l -printf '/%p %y %m %l\\n' ')' -o -printf '/%p %y %m %U:%G\\n'; done"
                )
                .TrimEnd()
        );
        Assert.Equal("new", File.ReadAllText(Path.Combine(directory, "tree/etc/motd")));
    }

    [Fact]
    public void What_cannot_be_copied_is_named_and_the_rest_is()
    {
        Write("node/a/file", "", "644");
        Write("node/b", "", "644");
        Write("node/c", "c", "644");
        Write("tree/a", "no directory", "644");
        Write("tree/b/there", "", "644");
        NodeFiles files = Copy();
        Assert.Equal(2, files.Problems.Count);
        Assert.Contains(files.Problems, problem => problem.Contains("/a is no directory", StringComparison.Ordinal));
        Assert.Contains(files.Problems, problem => problem.Contains("/b", StringComparison.Ordinal));
        Assert.Equal("c", File.ReadAllText(Path.Combine(directory, "tree/c")));
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(Path.Combine(directory, "tree")),
            path => path.Contains("rootcast-new", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_read_only_root_is_a_problem_for_each_file_and_no_failure()
    {
        Write("node/c", "c", "644");
        string tree = Directory.CreateDirectory(Path.Combine(directory, "tree")).FullName;
        Mounting.Mount("tmpfs", "test", tree, MountFlags.ReadOnly);
        try
        {
            Assert.Contains("c", Assert.Single(Copy().Problems), StringComparison.Ordinal);
        }
        finally
        {
            Mounting.Unmount(tree);
        }
    }

    private NodeFiles Copy()
    {
        using SafeFileHandle from = FileNodes.Open(Path.Combine(directory, "node"), OpenFlags.ReadOnly | OpenFlags.Directory);
        NodeFiles files = new();
        files.Copy(from, Path.Combine(directory, "tree"));
        return files;
    }

    private void Write(string name, string content, string mode)
    {
        string path = Path.Combine(directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        Host.Run("chmod", mode, path);
    }
}
