using Rootcast.Contract;
using Rootcast.Images.Recipes;

namespace Rootcast.Images.Initrds;

/// <summary>
/// Configuration of one machine. A node directory has, each of them optional:
/// <list type="table">
/// <item><term>cmdline</term><description>kernel arguments, <c>rootcast.*</c> among them; <c>#</c> begins a line that is left out</description></item>
/// <item><term>hostname</term><description>the machine's name, which becomes <c>/etc/hostname</c></description></item>
/// <item><term>ssh/</term><description>host keys, which go to <c>/etc/ssh</c>; private ones are readable by root alone, whatever their mode
/// here</description></item>
/// <item><term>tree/</term><description>files as they are to be in the tree, with their modes; they replace the tree's own</description></item>
/// </list>
/// Everything belongs to root. <c>/init</c> copies it into the tree just before the handover.
/// </summary>
public static class NodeSegment
{
    private const int ReadableFile = 0x1A4; // 0644
    private const int PrivateFile = 0x180; // 0600
    private static readonly string[] Known = ["cmdline", "hostname", "ssh", "tree"];

    /// <summary>The segments of what was named: a node directory, a file of kernel arguments, or a segment that was made before.</summary>
    /// <exception cref="UserError">It is nothing of these.</exception>
    public static InitrdSegment Of(string path)
    {
        if (Directory.Exists(path))
        {
            return OfDirectory(path);
        }
        byte[] start = new byte[6];
        int length;
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError(
                $"The node's {path} cannot be read: {e.Message}",
                "Name a node directory (cmdline, hostname, ssh/, tree/), a file of kernel arguments, or a cpio archive.",
                UserErrorKind.Input,
                e
            );
        }
        if (start.AsSpan(0, length).SequenceEqual("070701"u8))
        {
            InitrdAssembler.CheckBeginning(path);
            return InitrdSegment.OfFile(SegmentKind.Node, path);
        }
        SegmentArchive archive = new();
        AddArguments(archive, path);
        return new InitrdSegment(SegmentKind.Node, archive.ToBytes());
    }

    /// <summary>The segment of files for the machine's tree.</summary>
    /// <param name="files">Absolute path in the tree, permissions and bytes of each.</param>
    public static InitrdSegment OfFiles(IReadOnlyList<(string Path, int Mode, byte[] Content)> files)
    {
        SegmentArchive archive = new();
        foreach ((string path, int mode, byte[] content) in files)
        {
            archive.AddFile(InitramfsPaths.NodeTree + path, mode, content);
        }
        return new InitrdSegment(SegmentKind.Node, archive.ToBytes());
    }

    private static InitrdSegment OfDirectory(string path)
    {
        SegmentArchive archive = new();
        foreach (string entry in Entries(path))
        {
            switch (Path.GetFileName(entry))
            {
                case "cmdline":
                    AddArguments(archive, entry);
                    break;
                case "hostname":
                    AddHostname(archive, entry);
                    break;
                case "ssh":
                    AddKeys(archive, entry);
                    break;
                case "tree":
                    AddTree(archive, entry, InitramfsPaths.NodeTree);
                    break;
                case string other:
                    throw new UserError(
                        $"{path} has '{other}', which has no meaning in a node directory.",
                        $"It may have {string.Join(", ", Known)}; files for the machine's tree go below tree/.",
                        UserErrorKind.Input
                    );
            }
        }
        return archive.IsEmpty
            ? throw new UserError($"The node directory {path} is empty.", $"It may have {string.Join(", ", Known)}.", UserErrorKind.Input)
            : new InitrdSegment(SegmentKind.Node, archive.ToBytes());
    }

    private static void AddArguments(SegmentArchive archive, string path)
    {
        string text = File.ReadAllText(path);
        if (text.Length > 1 << 16 || text.Contains('\0', StringComparison.Ordinal))
        {
            throw new UserError(
                $"{path} holds no kernel arguments.",
                "Write them as on a kernel's command line, one or more a line.",
                UserErrorKind.Input
            );
        }
        string plain = string.Concat(text.Split('\n').Where(line => !line.TrimStart().StartsWith('#')).Select(line => line + "\n"));
        archive.AddFile(InitramfsPaths.NodeArguments, ReadableFile, PlanSegment.Lines(KernelArguments.Parse(plain)));
    }

    private static void AddHostname(SegmentArchive archive, string path)
    {
        string name = File.ReadAllText(path).Trim();
        if (!HostNames.IsValid(name))
        {
            throw new UserError($"{path}: this is no host name.", HostNames.Hint, UserErrorKind.Input);
        }
        archive.AddFile(InitramfsPaths.NodeTree + "/etc/hostname", ReadableFile, System.Text.Encoding.ASCII.GetBytes(name + "\n"));
    }

    private static void AddKeys(SegmentArchive archive, string path)
    {
        foreach (string key in Entries(path))
        {
            string name = Path.GetFileName(key);
            if (!name.StartsWith("ssh_host_", StringComparison.Ordinal) || !File.Exists(key))
            {
                throw new UserError(
                    $"{key} is no host key of sshd's.",
                    "They are called ssh_host_ed25519_key, ssh_host_ed25519_key.pub and the like; other files of /etc/ssh go to tree/etc/ssh/.",
                    UserErrorKind.Input
                );
            }
            bool isPublic = name.EndsWith(".pub", StringComparison.Ordinal);
            archive.AddFile($"{InitramfsPaths.NodeTree}/etc/ssh/{name}", isPublic ? ReadableFile : PrivateFile, File.ReadAllBytes(key));
        }
    }

    private static void AddTree(SegmentArchive archive, string path, string target)
    {
        archive.AddDirectory(target, (int)File.GetUnixFileMode(path));
        foreach (string entry in Entries(path))
        {
            string place = $"{target}/{Path.GetFileName(entry)}";
            FileInfo file = new(entry);
            if (file.LinkTarget is { } link)
            {
                archive.AddLink(place, link);
            }
            else if (Directory.Exists(entry))
            {
                AddTree(archive, entry, place);
            }
            else if (file.Exists && !file.Attributes.HasFlag(FileAttributes.Device))
            {
                archive.AddFile(place, (int)file.UnixFileMode, File.ReadAllBytes(entry));
            }
            else
            {
                throw new UserError(
                    $"{entry} is no file, directory or symbolic link.",
                    "A node segment takes nothing else: remove it.",
                    UserErrorKind.Input
                );
            }
        }
    }

    private static IEnumerable<string> Entries(string directory) =>
        Directory.EnumerateFileSystemEntries(directory).Order(StringComparer.Ordinal);
}
