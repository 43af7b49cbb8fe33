using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Forms;

/// <summary>Where live media of others have the image of their root.</summary>
public static class ForeignImages
{
    /// <summary>The places for <c>rootcast.inside=auto</c>, in this order.</summary>
    private static readonly string[] Usual =
    [
        "LiveOS/squashfs.img",
        "LiveOS/rootfs.img",
        "LiveOS/ext3fs.img",
        "live/*.squashfs",
        "casper/filesystem.squashfs",
    ];

    /// <summary>What a squashfs of dracut's and livecd-tools' kind has in it instead of a tree.</summary>
    private static readonly string[] Nested = ["LiveOS/rootfs.img", "LiveOS/ext3fs.img"];

    /// <summary>Looks for the images.</summary>
    /// <param name="directory">Where the medium is mounted.</param>
    /// <param name="inside">The plan's <c>rootcast.inside=</c>.</param>
    /// <returns>Paths of the images; those over the first are the later ones. Empty when there is none.</returns>
    public static IReadOnlyList<string> Find(string directory, string inside)
    {
        foreach (string place in Candidates(inside))
        {
            List<string> found =
                place.Contains('*', StringComparison.Ordinal) ? Matches(directory, place)
                : IsFile($"{directory}/{place}") ? [$"{directory}/{place}"]
                : [];
            if (found.Count > 0)
            {
                return found;
            }
        }
        return [];
    }

    /// <summary>The file system image inside a mounted squashfs; null when it holds the tree itself.</summary>
    public static string? NestedIn(string directory)
    {
        foreach (string path in Nested)
        {
            if (IsFile($"{directory}/{path}"))
            {
                return $"{directory}/{path}";
            }
        }
        return null;
    }

    /// <summary>Whether what is mounted there looks like a root.</summary>
    public static bool IsTree(string directory) =>
        FileNodes.Exists(directory + "/usr") || FileNodes.Exists(directory + "/sbin") || FileNodes.Exists(directory + "/bin");

    /// <summary>What the first bytes of a file or device tell.</summary>
    public static FileSystemSignature? SignatureOf(string path)
    {
        using SafeFileHandle file = FileNodes.Open(path, OpenFlags.ReadOnly);
        byte[] first = new byte[FileSystemSignature.BytesNeeded];
        return FileSystemSignature.Read(first.AsSpan(0, FileData.ReadAt(file, first, 0, path)));
    }

    /// <summary>Where to look: a squashfs.img that is not there may be there uncompressed.</summary>
    public static IReadOnlyList<string> Candidates(string inside)
    {
        if (inside == "auto")
        {
            return Usual;
        }
        string path = inside.Trim('/');
        int slash = path.LastIndexOf('/');
        string directory = slash < 0 ? "" : path[..(slash + 1)];
        return path.Contains('*', StringComparison.Ordinal) ? [path] : [path, directory + "rootfs.img", directory + "ext3fs.img"];
    }

    /// <summary>Files of a directory whose names end as the pattern does: <c>live/*.squashfs</c>; by name.</summary>
    private static List<string> Matches(string root, string pattern)
    {
        int slash = pattern.LastIndexOf('/');
        string directory = slash < 0 ? root : $"{root}/{pattern[..slash]}";
        string end = pattern[(pattern.LastIndexOf('*') + 1)..];
        List<string> found = [];
        using SafeFileHandle handle = FileNodes.TryOpen(
            null,
            Encoding.UTF8.GetBytes(directory),
            OpenFlags.ReadOnly | OpenFlags.Directory,
            0,
            out int errno
        );
        if (errno != 0)
        {
            return found;
        }
        foreach (DirectoryItem item in DirectoryListing.Read(handle, directory))
        {
            string path = $"{directory}/{Encoding.UTF8.GetString(item.Name)}";
            if (path.EndsWith(end, StringComparison.Ordinal) && IsFile(path))
            {
                found.Add(path);
            }
        }
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static bool IsFile(string path) =>
        FileNodes.TryStatus(null, Encoding.UTF8.GetBytes(path), followLinks: true, out FileStatus status, out _) && status.IsFile;
}
