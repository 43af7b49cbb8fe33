using Rootcast.Formats;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Sources;

/// <summary>A tree out of a directory of this host.</summary>
internal sealed class DirectoryTreeSource(DirectorySource source, IProgressDisplay display) : ITreeSource
{
    private DirectoryWalk? walk;

    public long? Epoch => null;

    public Task AddToAsync(CacheKey key, IProgressStage progress, CancellationToken cancellation)
    {
        progress.Detail($"walking through {source.Path}");
        walk = DirectoryWalk.Take(source.Path, cancellation);
        walk.AddTo(key.Add("directory", source.Path));
        if (walk.HasMounts)
        {
            display.Say($"{source.Path} has other file systems mounted in it; what is in them is left out.");
        }
        return Task.CompletedTask;
    }

    public Task<FileTree> ReadAsync(string scratch, IProgressStage progress, CancellationToken cancellation)
    {
        progress.Detail($"reading {source.Path}");
        int sockets = 0;
        UnixPath first = default;
        FileTree tree = DirectoryReading.Read(
            walk!,
            path =>
            {
                first = sockets++ == 0 ? path : first;
            },
            cancellation
        );
        if (sockets > 0)
        {
            display.Say($"{sockets} socket(s) in {source.Path} are left out, such as {first}: they mean nothing without their process.");
        }
        return Task.FromResult(tree);
    }

    public void Verify(CancellationToken cancellation)
    {
        using DirectoryWalk after = DirectoryWalk.Take(source.Path, cancellation);
        if (DirectoryWalk.FirstDifference(walk!, after) is { } path)
        {
            throw DirectoryWalk.Changed(path.IsEmpty ? source.Path : $"{source.Path}/{path}");
        }
    }

    public void Dispose() => walk?.Dispose();
}
