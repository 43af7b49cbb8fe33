using Rootcast.Contract;
using Rootcast.Images.Tools;

namespace Rootcast.Images.Trees;

/// <summary>
/// What builds keep for the next one: <c>KIND/KEY/</c> is a directory that is whole, since it got its name by rename(2) when it was complete;
/// <c>notes/KIND/KEY</c> is a short text. Everything in it can be made again, so it may be deleted at any time between builds.
/// </summary>
/// <param name="directory">Where it is.</param>
public sealed class BuildCache(string directory)
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>Where it is.</summary>
    public string Directory { get; } = Path.GetFullPath(directory);

    /// <summary>The user's: <c>$XDG_CACHE_HOME/rootcast</c>, else <c>~/.cache/rootcast</c>.</summary>
    public static BuildCache OfUser() => new(Locate(Environment.GetEnvironmentVariable));

    /// <summary>Where the user's is in a given environment.</summary>
    public static string Locate(Func<string, string?> variable)
    {
        // The base directory specification: a relative path there is to be ignored.
        if (variable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathRooted(cache))
        {
            return Path.Combine(cache, "rootcast");
        }
        return Path.Combine(variable("HOME") is { Length: > 0 } home ? home : "/root", ".cache", "rootcast");
    }

    /// <summary>The entry of that key, or null. It counts as used now.</summary>
    public string? Find(string kind, string key)
    {
        string path = PathOf(kind, key);
        if (!System.IO.Directory.Exists(path))
        {
            return null;
        }
        try
        {
            System.IO.Directory.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A cache that can only be read serves as well.
            return path;
        }
        return path;
    }

    /// <summary>Makes an entry: what <paramref name="make"/> puts into the directory that it is given, once it has returned. When another build
    /// was faster, its entry counts.</summary>
    public async Task<string> MakeAsync(string kind, string key, Func<string, Task> make)
    {
        string path = PathOf(kind, key);
        try
        {
            string parent = Path.Combine(Directory, "making");
            System.IO.Directory.CreateDirectory(parent);
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await RemoveAbandonedAsync(parent);
            await using TemporaryDirectory place = TemporaryDirectory.Create(parent);
            string entry = place.Join("entry");
            System.IO.Directory.CreateDirectory(entry);
            await make(entry);
            Publish(entry, path);
            return path;
        }
        catch (IOException error) when ((error.HResult & 0xFFFF) == Linux.Errno.NoSpace)
        {
            throw NoSpace(error);
        }
        catch (Linux.LinuxException error) when (error.Number == Linux.Errno.NoSpace)
        {
            throw NoSpace(error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new UserError(
                $"the build cache {Directory} cannot be written: {error.Message}",
                "Set XDG_CACHE_HOME to a directory of yours, or give this one back to you with chown.",
                cause: error
            );
        }
    }

    /// <summary>What was noted under that key, or null.</summary>
    public string? ReadNote(string kind, string key)
    {
        string path = Path.Combine(Directory, "notes", kind, key);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }

    /// <summary>Notes a short text, in place of what was noted before.</summary>
    public void WriteNote(string kind, string key, string text)
    {
        string path = Path.Combine(Directory, "notes", kind, key);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = $"{path}.{Guid.NewGuid():N}";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Removes the entries that were not used for longest until the rest has at most so many bytes.</summary>
    /// <returns>The bytes that were freed.</returns>
    public long Trim(long largestBytes)
    {
        (DirectoryInfo Entry, long Bytes)[] entries =
        [
            .. new DirectoryInfo(Directory)
                .EnumerateDirectories()
                .Where(kind => kind.Name is not ("making" or "notes"))
                .SelectMany(kind => kind.EnumerateDirectories())
                .OrderByDescending(entry => entry.LastWriteTimeUtc)
                .Select(entry => (entry, entry.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length))),
        ];
        long kept = 0;
        long freed = 0;
        foreach ((DirectoryInfo entry, long bytes) in entries)
        {
            if (kept + bytes <= largestBytes)
            {
                kept += bytes;
                continue;
            }
            // Renamed first: a removal that is killed must not leave half an entry.
            string gone = Path.Combine(Directory, "making", $"gone-{Guid.NewGuid():N}");
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(gone)!);
            entry.MoveTo(gone);
            System.IO.Directory.Delete(gone, recursive: true);
            freed += bytes;
        }
        return freed;
    }

    private static void Publish(string entry, string path)
    {
        try
        {
            System.IO.Directory.Move(entry, path);
        }
        catch (IOException) when (System.IO.Directory.Exists(path))
        {
            // Another build made the same; both are right, and somebody may already read theirs.
            return;
        }
    }

    /// <summary>What killed builds have left. Removing it is nobody's condition.</summary>
    private static async Task RemoveAbandonedAsync(string parent)
    {
        foreach (DirectoryInfo left in new DirectoryInfo(parent).EnumerateDirectories())
        {
            if (DateTime.UtcNow - left.LastWriteTimeUtc > Abandoned)
            {
                await TemporaryDirectory.TryRemoveAsync(left.FullName);
            }
        }
    }

    private UserError NoSpace(Exception error) =>
        new(
            $"no space is left for the build cache {Directory}: {error.Message}",
            "Free some, or set XDG_CACHE_HOME to a larger file system.",
            cause: error
        );

    /// <summary>A directory for work on the way to an entry: where <c>$TMPDIR</c> says, else beside the entries.</summary>
    internal TemporaryDirectory MakeScratch()
    {
        if (Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 })
        {
            return TemporaryDirectory.Create();
        }
        string parent = Path.Combine(Directory, "making");
        System.IO.Directory.CreateDirectory(parent);
        return TemporaryDirectory.Create(parent);
    }

    private string PathOf(string kind, string key) => Path.Combine(Directory, kind, key);
}
