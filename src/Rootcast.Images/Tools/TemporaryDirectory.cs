using Rootcast.Contract;

namespace Rootcast.Images.Tools;

/// <summary>A directory under <c>$TMPDIR</c> that goes with all that is in it, also names that are no UTF-8 and, for a user who is not root,
/// files that belong to the ids of a user namespace.</summary>
public sealed class TemporaryDirectory : IAsyncDisposable
{
    private TemporaryDirectory(string path) => Path = path;

    /// <summary>Its absolute path.</summary>
    public string Path { get; }

    /// <summary>Makes one that only this user can enter.</summary>
    /// <param name="parent">Where; null for <c>$TMPDIR</c>, else <c>/tmp</c>. A parent on the file system of the result makes renames atomic.</param>
    public static TemporaryDirectory Create(string? parent = null)
    {
        try
        {
            if (parent is null)
            {
                return new TemporaryDirectory(Directory.CreateTempSubdirectory("rootcast-").FullName);
            }
            string path = System.IO.Path.Combine(System.IO.Path.GetFullPath(parent), $"rootcast-{Guid.NewGuid():N}");
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new TemporaryDirectory(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(
                $"no temporary directory can be made: {error.Message}",
                "Set TMPDIR to a directory that you can write to, with room for a few trees.",
                cause: error
            );
        }
    }

    /// <summary>The path of something in it.</summary>
    public string Join(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!await TryRemoveAsync(Path))
        {
            throw new UserError(
                $"{Path} cannot be removed",
                $"Look for mounts below it (findmnt -R {Path}), then remove it as root: rm -rf --one-file-system {Path}"
            );
        }
    }

    /// <summary>Removes a directory as disposing does.</summary>
    /// <returns>Whether it is gone.</returns>
    internal static async Task<bool> TryRemoveAsync(string path)
    {
        string[] arguments = ["-rf", "--one-file-system", "--", path];
        await new Tool("rm", arguments) { GoodExitCodes = [0, 1] }.RunAsync();
        if (Directory.Exists(path) && !Environment.IsPrivilegedProcess)
        {
            await new Tool("unshare", ["--map-root-user", "--map-auto", "rm", .. arguments]) { GoodExitCodes = [0, 1] }.RunAsync();
        }
        return !Directory.Exists(path);
    }
}
