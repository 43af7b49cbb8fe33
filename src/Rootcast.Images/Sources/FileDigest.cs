using System.Security.Cryptography;
using System.Text;
using Rootcast.Images.Progress;
using Rootcast.Images.Trees;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Sources;

/// <summary>The digest of a large file of this host, which is read again only when the file system says that it is another; and whether it held still.</summary>
internal sealed class FileDigest(BuildCache cache)
{
    private string path = "";
    private FileStatus before;

    /// <summary>Remembers how the file is now.</summary>
    internal void Take(string file)
    {
        path = file;
        before = Status();
    }

    /// <summary>SHA-256 as 64 hexadecimal digits.</summary>
    internal async Task<string> ReadAsync(IProgressStage progress, CancellationToken cancellation)
    {
        using CacheKey note = new("tar-digest-1");
        note.Add("path", path).Add("status", before.ToString());
        string noteKey = note.Finish();
        string? digest = cache.ReadNote("tar", noteKey);
        if (digest is null)
        {
            await using FileStream file = File.OpenRead(path);
            progress.Detail($"reading {path}");
            digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
            cache.WriteNote("tar", noteKey, digest);
        }
        return digest;
    }

    /// <summary>Throws when the file is no longer as it was.</summary>
    internal void Verify()
    {
        if (Status() != before)
        {
            throw DirectoryWalk.Changed(path);
        }
    }

    private FileStatus Status() =>
        FileNodes.TryStatus(null, Encoding.UTF8.GetBytes(path), followLinks: true, out FileStatus status, out int errno)
            ? status
            : throw Linux.Syscall.Failed("stat", path, errno);
}
