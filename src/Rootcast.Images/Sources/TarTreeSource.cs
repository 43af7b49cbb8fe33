using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Sources;

/// <summary>A tree out of a tar, compressed or not.</summary>
internal sealed class TarTreeSource(TarSource source, BuildCache cache, Action<string>? log) : ITreeSource
{
    private readonly FileDigest digest = new(cache);

    public long? Epoch => null;

    public async Task AddToAsync(CacheKey key, IProgressStage progress, CancellationToken cancellation)
    {
        try
        {
            digest.Take(source.Path);
            key.Add("tar", await digest.ReadAsync(progress, cancellation));
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

    public void Verify(CancellationToken cancellation) => digest.Verify();

    public void Dispose() { }
}
