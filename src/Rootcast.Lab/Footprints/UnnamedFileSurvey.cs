using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Memory;
using Rootcast.Linux.Mounts;

namespace Rootcast.Lab.Footprints;

/// <summary>Files without a name that processes hold open or map: /proc/PID/fd and, for root, /proc/PID/map_files.</summary>
internal static class UnnamedFileSurvey
{
    private const string Deleted = " (deleted)";

    /// <summary>Looks at every process; each file counts once.</summary>
    public static IReadOnlyList<UnnamedFile> Observe(
        IReadOnlyList<ObservedFileSystem> fileSystems,
        PageCacheReader cache,
        CancellationToken cancellation
    )
    {
        Dictionary<ulong, ObservedFileSystem> known = [];
        foreach (ObservedFileSystem mounted in fileSystems)
        {
            known[mounted.Mount.Device] = mounted;
        }
        HashSet<(ulong, ulong)> counted = [];
        List<UnnamedFile> files = [];
        foreach (int pid in ProcessMemory.Running())
        {
            cancellation.ThrowIfCancellationRequested();
            foreach ((string path, string link) in Opened($"/proc/{pid}/fd").Concat(Mapped($"/proc/{pid}")))
            {
                if (link.EndsWith(Deleted, StringComparison.Ordinal) && Read(path, link, pid, known, counted, cache) is { } file)
                {
                    files.Add(file);
                }
            }
        }
        // A process may have hundreds of one name.
        return [.. files.GroupBy(file => file with { Bytes = 0 }).Select(same => same.Key with { Bytes = same.Sum(file => file.Bytes) })];
    }

    private static UnnamedFile? Read(
        string path,
        string link,
        int pid,
        Dictionary<ulong, ObservedFileSystem> known,
        HashSet<(ulong, ulong)> counted,
        PageCacheReader cache
    )
    {
        if (
            !FileNodes.TryStatus(null, Encoding.UTF8.GetBytes(path), followLinks: true, out FileStatus status, out _)
            || !status.IsFile
            || !counted.Add((status.Device, status.Inode))
        )
        {
            return null;
        }
        // System V's are counted by their own table.
        if (link.StartsWith("/SYSV", StringComparison.Ordinal))
        {
            return null;
        }
        bool isShared = known.GetValueOrDefault(status.Device)?.IsShared ?? IsTmpfs(path);
        long? bytes = status.AllocatedBytes;
        if (!isShared)
        {
            using SafeFileHandle file = FileNodes.TryOpen(
                null,
                Encoding.UTF8.GetBytes(path),
                OpenFlags.ReadOnly | OpenFlags.NonBlocking,
                0,
                out int errno
            );
            bytes = errno == 0 ? cache.BytesOf(file, () => status.Size) : null;
        }
        string name = link[..^Deleted.Length];
        return bytes is > 0 ? new UnnamedFile(name, pid, status.Device, isShared, bytes.Value) : null;
    }

    private static bool IsTmpfs(string path)
    {
        try
        {
            return FileSystemUsage.Of(path).Magic == FileSystemUsage.MagicTmpfs;
        }
        catch (LinuxException)
        {
            return false;
        }
    }

    private static IEnumerable<(string Path, string Link)> Opened(string directory)
    {
        using SafeFileHandle open = FileNodes.TryOpen(
            null,
            Encoding.UTF8.GetBytes(directory),
            OpenFlags.ReadOnly | OpenFlags.Directory,
            0,
            out int errno
        );
        if (errno != 0)
        {
            yield break;
        }
        foreach (DirectoryItem item in Listed(open, directory))
        {
            string link;
            try
            {
                link = Encoding.UTF8.GetString(FileNodes.ReadLink(open, item.Name));
            }
            catch (LinuxException)
            {
                continue;
            }
            yield return ($"{directory}/{Encoding.UTF8.GetString(item.Name)}", link);
        }
    }

    /// <summary>What is mapped need not be open any more; <c>map_files</c> has a link for each line of <c>maps</c>, which is quicker to read.</summary>
    private static IEnumerable<(string Path, string Link)> Mapped(string process)
    {
        foreach (string line in Maps(process).Split('\n'))
        {
            // START-END rwxp OFFSET DEVICE INODE      PATH
            string[] words = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 6 && words[5].EndsWith(Deleted, StringComparison.Ordinal))
            {
                string range = string.Join('-', words[0].Split('-').Select(address => address.TrimStart('0')));
                yield return ($"{process}/map_files/{range}", words[5]);
            }
        }
    }

    private static string Maps(string process)
    {
        try
        {
            return SmallFile.TryReadText(process + "/maps") ?? "";
        }
        catch (InvalidDataException)
        {
            // More mappings than the usual bound of 65,530 allows: what of them has no name stays in the row of such memory.
            return "";
        }
    }

    private static List<DirectoryItem> Listed(SafeFileHandle open, string directory)
    {
        try
        {
            return DirectoryListing.Read(open, directory);
        }
        catch (LinuxException)
        {
            // The process has ended.
            return [];
        }
    }
}
