using System.Security.Cryptography;
using System.Text;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Trees;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Sources;

/// <summary>A tree out of a tar, compressed or not.</summary>
internal sealed class TarTreeSource(TarSource source, BuildCache cache, Action<string>? log) : ITreeSource
{
    private FileStatus before;

    public long? Epoch => null;

    public async Task AddToAsync(CacheKey key, IProgressStage progress, CancellationToken cancellation)
    {
        try
        {
            before = Status();
            await using FileStream file = File.OpenRead(source.Path);
            // A large archive is not read again as long as the file system says that it is the same.
            using CacheKey note = new("tar-digest-1");
            note.Add("path", source.Path).Add("status", before.ToString());
            string noteKey = note.Finish();
            string? digest = cache.ReadNote("tar", noteKey);
            if (digest is null)
            {
                progress.Detail($"reading {source.Path}");
                digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
                cache.WriteNote("tar", noteKey, digest);
            }
            key.Add("tar", digest);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or Linux.LinuxException)
        {
            throw RecipeError.At(source.Place, $"{source.Path} cannot be read: {error.Message}", "Check source.tar.", error);
        }
    }

    public async Task<FileTree> ReadAsync(string scratch, IProgressStage progress, CancellationToken cancellation)
    {
        progress.Detail($"reading {source.Path}");
        try
        {
            string plain = source.Path;
            if (ArchiveCompression.OfFile(source.Path) is { } compression)
            {
                plain = Path.Combine(scratch, "source.tar");
                await ArchiveCompression.UnpackAsync(compression, source.Path, plain, log, cancellation);
            }
            return ArchivedTree.Read(plain, cancellation);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw RecipeError.At(source.Place, $"{source.Path} is no whole tar archive: {error.Message}", "Make or fetch it again.", error);
        }
    }

    public void Verify(CancellationToken cancellation)
    {
        if (Status() != before)
        {
            throw DirectoryWalk.Changed(source.Path);
        }
    }

    public void Dispose() { }

    private FileStatus Status() =>
        FileNodes.TryStatus(null, Encoding.UTF8.GetBytes(source.Path), followLinks: true, out FileStatus status, out int errno)
            ? status
            : throw Linux.Syscall.Failed("stat", source.Path, errno);
}
