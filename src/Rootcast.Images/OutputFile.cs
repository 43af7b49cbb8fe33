using Rootcast.Contract;
using Rootcast.Linux;

namespace Rootcast.Images;

/// <summary>A file that somebody named for a result: written beside, and renamed when it is whole.</summary>
public static class OutputFile
{
    /// <summary>Writes it.</summary>
    /// <param name="path">Its name; a file of that name is replaced.</param>
    /// <param name="write">Writes to the path that it gets, where nothing is yet. What it leaves there when it fails is removed.</param>
    /// <exception cref="UserError">The directory is missing, nothing may be written there, or the disk is full.</exception>
    public static async Task WriteAsync(string path, Func<string, Task> write)
    {
        string target = Path.GetFullPath(path);
        string directory = Path.GetDirectoryName(target) ?? "/";
        if (!Directory.Exists(directory) || Directory.Exists(target))
        {
            throw new UserError(
                Directory.Exists(target) ? $"{target} is a directory" : $"there is no directory {directory}",
                "Name a file in a directory that is there.",
                UserErrorKind.Input
            );
        }
        string temporary = $"{target}.{Environment.ProcessId}.new";
        try
        {
            await write(temporary);
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception e) when (IsFull(e))
        {
            throw new UserError($"There is no room for {target}: {e.Message}", "Free space there or name another directory.", cause: e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UserError($"{target} cannot be written: {e.Message}", "Name another place, or run this as root.", cause: e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static bool IsFull(Exception e) =>
        e
            is IOException { HResult: Errno.NoSpace or Errno.QuotaExceeded }
                or LinuxException { Number: Errno.NoSpace or Errno.QuotaExceeded };
}
